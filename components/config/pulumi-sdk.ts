import * as pulumi from "@pulumi/pulumi";

// Functions of Pulumi's SDK that its types do not declare.

/**
 * An error that the stack's user can fix: Pulumi prints its message and no stack trace. The trace is deleted, because Pulumi would still format it,
 * and Node 20 spends minutes and gigabytes on a trace through Pulumi's own files (https://github.com/nodejs/node/issues/64011).
 */
export class Refusal extends pulumi.RunError {
    constructor(message: string) {
        super(message);
        delete this.stack;
    }
}

/** The value of an output; undefined while it is unknown during preview, when `apply` does not call its callback. */
export async function knownValue<T>(output: pulumi.Output<T>): Promise<T | undefined> {
    const { isKnown } = output as unknown as { readonly isKnown: Promise<boolean> };
    return (await isKnown) ? new Promise<T>((resolve) => output.apply(resolve)) : undefined;
}

/**
 * The result of work. If the work fails, the program ends with its reason, and the promise stays pending: a rejected one would be rejected once more in each
 * output that is derived from it, and Node warns of those that are awaited later.
 */
export function orEnd<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve) => {
        void work.then(resolve);
    });
}

/** An output without a known value, for previews. */
export const unknownOutput = (): pulumi.Output<never> => pulumi.output(pulumi.unknown as never);

/** Whether the engine passed a configuration value to the program as a secret. */
export const { isConfigSecret } = pulumi.runtime as unknown as { readonly isConfigSecret: (key: string) => boolean };

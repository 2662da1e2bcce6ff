import type * as pulumi from "@pulumi/pulumi";

/**
 * An output's value; undefined at a preview at which it is not known yet. An `apply` cannot tell: it is not called then. The SDK carries the answer beside each
 * value (`isKnown`), without naming it in its types.
 */
export async function knownValue<T>(output: pulumi.Output<T>): Promise<T | undefined> {
    const { isKnown } = output as unknown as { readonly isKnown: Promise<boolean> };
    return (await isKnown) ? new Promise<T>((resolve) => output.apply(resolve)) : undefined;
}

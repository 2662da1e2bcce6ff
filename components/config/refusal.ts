import { RunError } from "@pulumi/pulumi";

/**
 * An error that the stack's user can fix: Pulumi prints its message and no stack trace. It carries none either, because Pulumi formats the
 * trace even so, and Node 20 spends minutes and gigabytes on a trace through Pulumi's own files (https://github.com/nodejs/node/issues/64011).
 */
export class Refusal extends RunError {
    constructor(message: string) {
        super(message);
        delete this.stack;
    }
}

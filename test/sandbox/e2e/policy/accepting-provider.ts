import { runPlugin } from "../../../../sandbox/providers/plugin";

/** A provider that accepts any input of every resource type, so that only the policy pack can refuse a resource. */
void runPlugin({
    version: process.argv[2] ?? "",
    configure: () => undefined,
    check: ({ inputs }) => ({ inputs, failures: [] }),
    diff: () => ({ changes: [] }),
    create: ({ name, inputs }) => ({ id: name, outputs: inputs }),
    read: ({ id, inputs, outputs }) => ({ id, inputs: inputs ?? {}, outputs: outputs ?? {} }),
    update: ({ inputs }) => inputs,
    delete: () => undefined,
});

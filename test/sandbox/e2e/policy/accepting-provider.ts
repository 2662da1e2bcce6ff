import { runPlugin } from "../../../../sandbox/providers/plugin";

/** A provider of every resource type that takes whatever it is given, so that the engine has the policy pack judge it. */
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

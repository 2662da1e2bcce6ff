import { looksSecret } from "../../../k8s/secrets/looks-secret";
import { advise, keyOf, remove, set } from "../../config/problem";
import type { Rule } from "../../config/rule";

/** No variable overrides one that the stack derives from a setting: probes, volumes or other pods rely on these. */
export const noDerivedVariables: Rule<"workloads"> = ({ workloads }, report) => {
    for (const { variables, reserved, at } of workloads) {
        for (const name of Object.keys(variables)) {
            const problem = reserved(name);
            if (problem !== undefined) {
                report(at("variables", name), problem, remove(at("variables", name)));
            }
        }
    }
};

/** Variables are plain text in the stack file, in the state and in the pod's specification. */
export const noSecretVariables: Rule<"workloads"> = ({ workloads }, report) => {
    for (const { variables, at } of workloads) {
        for (const [name, value] of Object.entries(variables)) {
            if (looksSecret(name, value)) {
                report(
                    at("variables", name),
                    "looks like a secret, and variables are plain text in the stack file, the state and the pod's specification",
                    advise(
                        `Remove it, and store it in Secret Manager. In ${at("secrets")}, { secret: <its name there>, version: 1, variable: ${name} } gives it to the pods.`,
                    ),
                );
            }
        }
    }
};

/** With TensorBoard, the runs write its logs. */
export const tensorboardTracker: Rule<"training"> = ({ training }, report) => {
    for (const { variables, path } of training?.runs ?? []) {
        const given = variables.TRACKERS;
        if (training?.tensorboard && given !== undefined && !given.split(",").includes("tensorboard")) {
            const key = keyOf("training", ...path, "variables", "TRACKERS");
            report(
                key,
                `is ${given}, but training.tensorboard is true, and TensorBoard shows only what its own tracker writes`,
                set(key, [...given.split(",").filter((tracker) => tracker !== ""), "tensorboard"].join(",")),
                [keyOf("training", "tensorboard")],
            );
        }
    }
};

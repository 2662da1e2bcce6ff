import { RUN_VARIABLES, SERVICE_VARIABLES } from "../../../k8s/derived-variables";
import type { StackConfig } from "../../config/stack";
import { advise, keyOf, remove, set, type Path } from "../../config/problem";
import type { Rule } from "../../config/rule";
import { looksSecret } from "./secrets";

/** The variables of one workload, and those that it gets from its settings. */
interface Variables {
    readonly variables: Readonly<Record<string, string>>;
    readonly derived: Readonly<Record<string, string>>;
    readonly at: (...path: Path) => string;
    /** How the workload gets a secret. */
    readonly secret: string;
}

const variablesOf = ({ inference, training }: StackConfig): readonly Variables[] => [
    ...(inference?.services ?? []).map(({ variables }, index) => ({
        variables,
        derived: SERVICE_VARIABLES,
        secret: "Remove it, and let the pod read it from Secret Manager.",
        at: (...path: Path) => keyOf("inference", "services", index, "variables", ...path),
    })),
    ...(training === undefined
        ? []
        : [
              {
                  variables: training.variables,
                  derived: RUN_VARIABLES,
                  secret: "Remove it, and put it into a Kubernetes Secret that training.secrets names.",
                  at: (...path: Path) => keyOf("training", "variables", ...path),
              },
          ]),
];

/** No variable overrides one that the stack derives from a setting, on which probes, volumes or other pods rely. */
export const noDerivedVariables: Rule = (config, report) => {
    for (const { variables, derived, at } of variablesOf(config)) {
        for (const name of Object.keys(variables)) {
            if (Object.hasOwn(derived, name)) {
                report(at(name), `is set by the stack, which takes it from ${derived[name]}`, remove(at(name)));
            } else if (derived === RUN_VARIABLES && name.startsWith("PET_")) {
                report(at(name), "configures torchrun, which the stack does from nodes and gpus", remove(at(name)));
            }
        }
    }
};

/** Variables are plain text in the stack file, in the state and in the pod's specification. */
export const noSecretVariables: Rule = (config, report) => {
    for (const { variables, secret, at } of variablesOf(config)) {
        for (const [name, value] of Object.entries(variables)) {
            if (looksSecret(name, value)) {
                report(
                    at(name),
                    "looks like a secret, and variables are plain text in the stack file, the state and the pod's specification",
                    advise(secret),
                );
            }
        }
    }
};

/** With TensorBoard, the run writes its logs. */
export const tensorboardTracker: Rule = ({ training }, report) => {
    const given = training?.variables.TRACKERS;
    if (training?.tensorboard && given !== undefined && !given.split(",").includes("tensorboard")) {
        const key = keyOf("training", "variables", "TRACKERS");
        report(
            key,
            `is ${given}, but training.tensorboard is true, and TensorBoard shows only what its own tracker writes`,
            set(key, [...given.split(",").filter((tracker) => tracker !== ""), "tensorboard"].join(",")),
            [keyOf("training", "tensorboard")],
        );
    }
};

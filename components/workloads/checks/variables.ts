import { advise, keyOf, remove, set } from "../../config/problem";
import type { Rule } from "../../config/rule";

const SECRET_NAME =
    /(^|_)(secret|token|password|passwd|passphrase|pwd|credentials?|api_?key|access_?key(_id)?|secret_?key|private_?key|signing_?key|encryption_?key|auth_?key)(_|$)/i;

/** Names of a language model's vocabulary, and limits of it. */
const VOCABULARY = /^(.*_)?(bos|eos|pad|unk|sep|cls|mask|stop|start|end|special|image|max)_token(_|$)|(^|_)token_(limit|count|id|type)s?$/i;

/** A password in an address, a private key, and the tokens of Hugging Face, GitHub, OpenAI, Slack, Amazon and Google, which begin with fixed letters. */
const SECRET_VALUE =
    /:\/\/[^/\s:@]*:[^/\s@]+@|-----BEGIN [A-Z ]*PRIVATE KEY|^(hf_|gh[pousr]_|github_pat_|sk-|xox[abprs]-|AKIA|AIza|ya29\.)[A-Za-z0-9_-]{12,}/;

/** Whether a variable looks like a secret, by its name or its value. The path of a file is none. */
export const looksSecret = (name: string, value: string): boolean =>
    SECRET_VALUE.test(value) || (SECRET_NAME.test(name) && !VOCABULARY.test(name) && value !== "" && !/^[/.]/.test(value));

/** No variable overrides one that the stack derives from a setting, on which probes, volumes or other pods rely. */
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
    for (const { variables, secretAdvice, at } of workloads) {
        for (const [name, value] of Object.entries(variables)) {
            if (looksSecret(name, value)) {
                report(
                    at("variables", name),
                    "looks like a secret, and variables are plain text in the stack file, the state and the pod's specification",
                    advise(secretAdvice),
                );
            }
        }
    }
};

/** With TensorBoard, the run writes its logs. */
export const tensorboardTracker: Rule<"training"> = ({ training }, report) => {
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

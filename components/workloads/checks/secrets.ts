import { advise, keyOf, remove } from "../../config/problem";
import type { Rule } from "../../config/rule";
import { isInSecretManager } from "../../../k8s/secrets/pod-secrets";

/** Each file and each variable of a pod comes from one secret. */
export const distinctSecrets: Rule<"workloads"> = ({ workloads }, report) => {
    for (const { secrets, at } of workloads) {
        const taken = new Set<string>();
        secrets.forEach((secret, index) => {
            if (!isInSecretManager(secret)) {
                return;
            }
            const [field, value] = "file" in secret ? ["file", secret.file] : ["variable", secret.variable];
            if (taken.has(`${field} ${value}`)) {
                const key = at("secrets", index, field);
                report(key, `${value} is the ${field} of another secret of the pod`, advise(`Give each secret another ${field}.`));
            }
            taken.add(`${field} ${value}`);
        });
    }
};

/** No secret overrides a variable that the stack derives from a setting, or one of `variables`. */
export const freeSecretVariables: Rule<"workloads"> = ({ workloads }, report) => {
    for (const { secrets, variables, reserved, at } of workloads) {
        secrets.forEach((secret, index) => {
            if (!isInSecretManager(secret) || "file" in secret) {
                return;
            }
            const { variable } = secret;
            const key = at("secrets", index, "variable");
            const problem = reserved(variable);
            if (problem !== undefined) {
                report(key, `${variable} ${problem}`, advise("Name another variable."));
            } else if (Object.hasOwn(variables, variable)) {
                report(key, `${variable} is also set in variables`, remove(at("variables", variable)), [at("variables", variable)]);
            }
        });
    }
};

/** A cluster without the Secret Manager add-on has no workload that needs it. */
export const secretManagerOn: Rule<"cluster" | "workloads"> = ({ cluster, workloads }, report) => {
    const user = workloads.find(({ secrets }) => secrets.some(isInSecretManager));
    if (cluster?.secretManager === false && user !== undefined) {
        const key = keyOf("cluster", "secretManager");
        report(key, `is false, but ${user.title} has secrets in Secret Manager`, remove(key), [user.at("secrets")]);
    }
};

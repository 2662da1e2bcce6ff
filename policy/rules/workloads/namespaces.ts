import { typeRule, type Inputs } from "../../inputs";
import type { Finding } from "../../rule";

export function restricted({ metadata }: Inputs<"kubernetes:core/v1:Namespace">): Finding {
    const level = metadata?.labels?.["pod-security.kubernetes.io/enforce"];
    return level === "restricted"
        ? undefined
        : `The namespace enforces ${level === undefined ? "no Pod Security Standard" : `the Pod Security Standard ${level}`}.`;
}

export const namespacePolicies = [
    typeRule("kubernetes:core/v1:Namespace", {
        name: "namespace-restricted",
        description: "Namespaces enforce the Pod Security Standard restricted.",
        remedy: "Label the namespace pod-security.kubernetes.io/enforce: restricted.",
        check: restricted,
    }),
];

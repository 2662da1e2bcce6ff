import { keyOf, set } from "../../config/problem";
import type { Rule } from "../../config/rule";
import { sectionNamespaces } from "../../config/stack";

/** Namespaces that Kubernetes and GKE reserve. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/namespaces */
const SYSTEM_NAMESPACE = /^(kube|gke|gmp)-|^default$/;

/** Each section has a separate namespace. Kubernetes and GKE must not reserve it. */
export const ownNamespaces: Rule<never> = (config, report) => {
    const sections = sectionNamespaces(config);
    const taken = new Map<string, string>();
    for (const [section, namespace] of sections) {
        const key = keyOf(section, "namespace");
        if (SYSTEM_NAMESPACE.test(namespace)) {
            report(key, `${namespace} is a namespace of Kubernetes or GKE; the stack creates its own`, set(key, section));
        }
        const other = taken.get(namespace);
        if (other !== undefined) {
            const isTaken = sections.some(([, used]) => used === section);
            const free = isTaken ? `ml-${section}` : section;
            report(key, `${namespace} is the namespace of section ${other}, and each section has its own`, set(key, free), [
                keyOf(other, "namespace"),
            ]);
        }
        taken.set(namespace, other ?? section);
    }
};

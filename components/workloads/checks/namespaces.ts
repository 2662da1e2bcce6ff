import { keyOf, set, type Report } from "../../config/problem";
import type { Rule } from "../../config/rule";

/** Namespaces that Kubernetes and GKE keep for themselves. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/namespaces */
const SYSTEM_NAMESPACE = /^(kube|gke|gmp)-|^default$/;

/** The namespaces of services and runs are the stack's own, and two. */
export const ownNamespaces: Rule<"inference" | "training"> = ({ inference, training }, report) => {
    const services = inference?.namespace ?? "inference";
    refuseSystem(services, keyOf("inference", "namespace"), "inference", report);
    if (training === undefined) {
        return;
    }
    const key = keyOf("training", "namespace");
    refuseSystem(training.namespace, key, "training", report);
    if (training.namespace === inference?.namespace) {
        const other = services === "training" ? "runs" : "training";
        report(key, `${services} is the namespace of the services, and runs have one of their own`, set(key, other));
    }
};

function refuseSystem(namespace: string, key: string, otherwise: string, report: Report): void {
    if (SYSTEM_NAMESPACE.test(namespace)) {
        report(key, `${namespace} is a namespace of Kubernetes or GKE; the stack creates its own`, set(key, otherwise));
    }
}

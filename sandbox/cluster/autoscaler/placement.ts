import type { NodeSelectorRequirement, NodeSelectorTerm, Pod, Toleration } from "../../kube/objects";
import type { Taint } from "../gke/node-pool";

type Labels = Readonly<Record<string, string>>;

/** Whether a toleration matches the taint. https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
export function tolerates(tolerations: readonly Toleration[], taint: Taint): boolean {
    return tolerations.some(({ key, operator = "Equal", value = "", effect }) => {
        if (effect !== undefined && effect !== "" && effect !== taint.effect) {
            return false;
        }
        if (key === undefined || key === "") {
            return operator === "Exists";
        }
        if (key !== taint.key) {
            return false;
        }
        return operator === "Exists" || (operator === "Equal" && value === taint.value);
    });
}

/** Returns the taints that prevent a pod from running on a node. `PreferNoSchedule` does not. */
export function untolerated(pod: Pod, taints: readonly Taint[]): readonly Taint[] {
    return taints.filter((taint) => taint.effect !== "PreferNoSchedule" && !tolerates(pod.spec.tolerations ?? [], taint));
}

/** Whether node labels match the pod's node selector and required node affinity. */
export function selects(pod: Pod, labels: Labels): boolean {
    const { nodeSelector = {}, affinity } = pod.spec;
    if (!Object.entries(nodeSelector).every(([key, value]) => labels[key] === value)) {
        return false;
    }
    const terms = affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms;
    return terms === undefined || matchesTerms(terms, labels);
}

/** Whether node labels match at least one of the terms. */
export function matchesTerms(terms: readonly NodeSelectorTerm[], labels: Labels): boolean {
    return terms.some((term) => matchesTerm(term, labels));
}

/** As in Kubernetes, an empty term matches nothing. A term on fields selects an existing node by name, so it never matches a new node. */
function matchesTerm({ matchExpressions = [], matchFields = [] }: NodeSelectorTerm, labels: Labels): boolean {
    if (matchFields.length > 0 || matchExpressions.length === 0) {
        return false;
    }
    return matchExpressions.every((requirement) => matches(requirement, labels[requirement.key]));
}

function matches({ operator, values = [] }: NodeSelectorRequirement, label: string | undefined): boolean {
    switch (operator) {
        case "In":
            return label !== undefined && values.includes(label);
        case "NotIn":
            return label === undefined || !values.includes(label);
        case "Exists":
            return label !== undefined;
        case "DoesNotExist":
            return label === undefined;
        case "Gt":
            return label !== undefined && Number(label) > Number(values[0]);
        case "Lt":
            return label !== undefined && Number(label) < Number(values[0]);
        default:
            return false;
    }
}

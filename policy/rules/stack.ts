import { ACCELERATOR_LABEL } from "../../gke/gpu-nodes";
import type { PolicyResource } from "@pulumi/policy";
import { inputsOf, type Inputs } from "../inputs";
import { containersOf, gpusOf, podOf, type Pod, type Toleration } from "../pods";
import { stackPolicy, whenKnown, type Finding } from "../rule";

type NodePool = Inputs<"gcp:container/nodePool:NodePool">;
type Taint = NonNullable<NonNullable<NodePool["nodeConfig"]>["taints"]>[number];

/** The taint effects that keep a pod off a node, as Kubernetes spells them. */
const EFFECTS: Readonly<Record<string, string>> = { NO_SCHEDULE: "NoSchedule", NO_EXECUTE: "NoExecute" };

/** Labels that depend on where a node runs; its pool does not declare them. */
const PLACE = /^(topology\.kubernetes\.io|kubernetes\.io|failure-domain\.beta\.kubernetes\.io)\//;

export function landsOnAPool(pod: Pod, pools: readonly NodePool[]): Finding {
    const wanted = Object.entries(pod.nodeSelector ?? {}).filter(([label]) => !PLACE.test(label));
    const candidates = pools.filter((pool) => {
        const labels = labelsOf(pool);
        return wanted.every(([label, value]) => labels[label] === value);
    });
    if (candidates.length === 0) {
        return `No node pool of the stack has the labels that the pod selects: ${wanted.map(([label, value]) => `${label}=${value}`).join(", ")}.`;
    }
    const refusing = candidates.map((pool) => untolerated(pool, pod.tolerations ?? []));
    const [taint] = refusing[0] ?? [];
    return taint === undefined || refusing.some((taints) => taints.length === 0)
        ? undefined
        : `The pod does not tolerate ${taint.key}=${taint.value}:${taint.effect} of the node pool that it selects.`;
}

/** The labels that the pool declares, and those that GKE derives from the declaration. */
function labelsOf({ nodeConfig }: NodePool): Record<string, string | undefined> {
    return {
        [ACCELERATOR_LABEL]: nodeConfig?.guestAccelerators?.[0]?.type,
        "cloud.google.com/gke-spot": nodeConfig?.spot === true ? "true" : undefined,
        "node.kubernetes.io/instance-type": nodeConfig?.machineType,
        ...nodeConfig?.labels,
    };
}

function untolerated({ nodeConfig }: NodePool, tolerations: readonly Toleration[]): Taint[] {
    return (nodeConfig?.taints ?? []).filter(
        (taint) => taint.effect in EFFECTS && !tolerations.some((toleration) => tolerates(toleration, taint)),
    );
}

/** https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/ */
function tolerates({ key, operator, value, effect }: Toleration, taint: Taint): boolean {
    return (
        (key === undefined ? operator === "Exists" : key === taint.key) &&
        (effect === undefined || effect === EFFECTS[taint.effect]) &&
        (operator === "Exists" || (value ?? "") === taint.value)
    );
}

function taintsTolerated(resource: PolicyResource, all: readonly PolicyResource[]): Finding {
    const pod = podOf(resource);
    const pools = all.flatMap((other) => inputsOf("gcp:container/nodePool:NodePool", other) ?? []);
    // The pools of a cluster that another stack owns are not in this stack.
    return pod === undefined || pools.length === 0 ? undefined : landsOnAPool(pod, pools);
}

function disruptionBudget(resource: PolicyResource, all: readonly PolicyResource[]): Finding {
    const deployment = inputsOf("kubernetes:apps/v1:Deployment", resource);
    const pod = podOf(resource);
    if (deployment === undefined || pod === undefined || !servesSteadily(deployment, pod)) {
        return undefined;
    }
    const labels = deployment.spec.template.metadata?.labels ?? {};
    const budgets = all.flatMap((other) => inputsOf("kubernetes:policy/v1:PodDisruptionBudget", other) ?? []);
    const covered = budgets.some((budget) => {
        const selected = Object.entries(budget.spec?.selector?.matchLabels ?? {});
        const sameNamespace = whenKnown(() => budget.metadata?.namespace === deployment.metadata?.namespace) ?? true;
        return sameNamespace && selected.length > 0 && selected.every(([label, value]) => labels[label] === value);
    });
    return covered ? undefined : "A node drain can evict all pods of the Deployment at once, because no PodDisruptionBudget selects them.";
}

/** A single replica without a GPU, such as a dashboard, restarts in seconds and needs no budget. */
function servesSteadily({ spec }: Inputs<"kubernetes:apps/v1:Deployment">, pod: Pod): boolean {
    return spec.replicas !== 1 || containersOf(pod).some(({ container }) => gpusOf(container) !== undefined);
}

export const stackPolicies = [
    stackPolicy({
        name: "taints-tolerated",
        description: "Every pod selects a node pool of the stack, and tolerates its taints.",
        remedy: "Take the pool's labels and taints and the pod's selector and tolerations from one place (k8s/gpu.ts).",
        check: taintsTolerated,
    }),
    stackPolicy({
        name: "disruption-budget",
        description: "A node drain leaves every service with a pod.",
        remedy: "Add a PodDisruptionBudget that selects the Deployment's pods.",
        check: disruptionBudget,
    }),
];

import { GPU_RESOURCE, GPU_TAINT } from "../gke/gpu-nodes";
import { nodeSelector, poolTaints, type GpuPlacement } from "./gpu";

/** API of Kueue's objects. https://kueue.sigs.k8s.io/docs/reference/kueue.v1beta2/ */
export const KUEUE_API = "kueue.x-k8s.io/v1beta2";

/** Name of the local queue in every namespace with runs. */
export const RUN_QUEUE = "runs";

/** Label of a Job with the local queue that admits it. https://kueue.sigs.k8s.io/docs/tasks/run/jobs/ */
export const QUEUE_LABEL = "kueue.x-k8s.io/queue-name";

/** Label of a Job with its workload priority class; without it a Job has priority 0. https://kueue.sigs.k8s.io/docs/concepts/workload_priority_class/ */
export const PRIORITY_LABEL = "kueue.x-k8s.io/priority-class";

/** Workload priority classes and their values. A run with a higher priority starts first, and preempts running ones with a lower priority. */
export const PRIORITIES = { low: -100, normal: 0, high: 100 } as const;
export type Priority = keyof typeof PRIORITIES;
export const PRIORITY_NAMES = Object.keys(PRIORITIES) as [Priority, ...Priority[]];

/** The nodes of a pool. */
export type PoolNodes = Omit<GpuPlacement, "gpus">;

/** Quota of the runs on one pool: the capacity that its nodes leave to pods. */
export interface PoolQuota {
    /** Name of the pool's resource flavor. */
    readonly flavor: string;
    /** Whether its nodes come from provisioning requests. */
    readonly queued: boolean;
    /** Units of `nvidia.com/gpu`. */
    readonly gpus: number;
    /** CPU quantity. */
    readonly cpu: string;
    /** Memory quantity. */
    readonly memory: string;
    /** Quantity of ephemeral storage. */
    readonly ephemeralStorage: string;
}

/**
 * Resource flavor of a pool. Kueue assigns it to Jobs that select these labels, or none of them, and tolerate the taints. A pool with several sources of capacity has
 * one flavor: GKE's compute class chooses the source of each node. With a flavor for each source, a run would wait for the first source.
 */
export function flavorSpec(nodes: PoolNodes) {
    return {
        nodeLabels: nodeSelector({ ...nodes, gpus: 1 }),
        nodeTaints: poolTaints(nodes.accelerator, nodes.computeClass).map((taint) => ({ ...taint, effect: GPU_TAINT.effect })),
    };
}

/** Resources in the quota. Kueue admits no Job that requests another resource. */
const COVERED = ["cpu", "memory", "ephemeral-storage", GPU_RESOURCE];

/**
 * Cluster queue over all pools, in their order.
 * @param quotas at least one
 * @param admissionCheck the check that requests nodes for pools with queued provisioning
 */
export function clusterQueueSpec(quotas: readonly PoolQuota[], admissionCheck: string) {
    const queued = quotas.filter((quota) => quota.queued).map(({ flavor }) => flavor);
    return {
        // Every namespace with a local queue.
        namespaceSelector: {},
        // By priority, then age. A run that does not fit keeps its place and does not block runs for other pools.
        queueingStrategy: "BestEffortFIFO",
        preemption: { withinClusterQueue: "LowerPriority" },
        resourceGroups: [{ coveredResources: COVERED, flavors: quotas.map(flavorQuota) }],
        admissionChecksStrategy: queued.length === 0 ? undefined : { admissionChecks: [{ name: admissionCheck, onFlavors: queued }] },
    };
}

function flavorQuota({ flavor, gpus, cpu, memory, ephemeralStorage }: PoolQuota) {
    const quotas = [cpu, memory, ephemeralStorage, String(gpus)];
    return { name: flavor, resources: COVERED.map((name, index) => ({ name, nominalQuota: quotas[index] })) };
}

/** Local queue, which connects a namespace to the cluster queue. */
export const localQueueSpec = (clusterQueue: string) => ({ clusterQueue });

/** Admission check that requests all nodes of a run at once. https://kueue.sigs.k8s.io/docs/concepts/admission_check/provisioning_request/ */
export const admissionCheckSpec = (config: string) => ({
    controllerName: "kueue.x-k8s.io/provisioning-request",
    parameters: { apiGroup: "kueue.x-k8s.io", kind: "ProvisioningRequestConfig", name: config },
});

/** Configuration of node requests for GKE's flex-start. https://cloud.google.com/kubernetes-engine/docs/how-to/provisioningrequest */
export const provisioningConfigSpec = () => ({
    provisioningClassName: "queued-provisioning.gke.io",
    managedResources: [GPU_RESOURCE],
    // The nodes of one request have this label, so that pods of other runs do not use them.
    podSetUpdates: {
        nodeSelector: [{ key: "autoscaling.gke.io/provisioning-request", valueFromProvisioningClassDetail: "ResizeRequestName" }],
    },
});

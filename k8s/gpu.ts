import type { types } from "@pulumi/kubernetes";

type Toleration = types.input.core.v1.Toleration;

/**
 * How GPU nodes are marked. The node pool writes these and the pods that land on it read them, both from here.
 *
 * GKE taints a GPU pool by itself only when the pool is created while another pool without GPUs exists, and a taint that GKE added is drift
 * for whoever did not declare it; so the pool declares it. See https://cloud.google.com/kubernetes-engine/docs/how-to/gpus.
 */
export const GPU = {
    /** The extended resource that a container asks for. */
    resource: "nvidia.com/gpu",
    taint: { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" },
    /** GKE's own label on every node with a GPU; its value is the accelerator's type. */
    acceleratorLabel: "cloud.google.com/gke-accelerator",
} as const;

/**
 * Label that every node of a pool of this stack carries. GKE's own pool label holds the physical name, which changes when a pool is replaced
 * (the new one is created before the old one goes); this one holds the name in the stack file, so pods need not change with it.
 */
export const POOL_LABEL = "ml-platform/pool";

/** What an image computes on, by its variant; the workloads read it as DEVICE. */
export const DEVICE = { cpu: "cpu", gpu: "cuda" } as const;

/** GPUs that a container asks for, and where they are. */
export interface GpuPlacement {
    /** Name of the pool in the stack file. */
    readonly pool: string;
    /** Accelerator type as GKE spells it, such as `nvidia-l4`. */
    readonly accelerator: string;
    /** GPUs (or shares of one) of each pod. At least 1. */
    readonly gpus: number;
    /** True where the pool falls back between sources of capacity: then its compute class finds the nodes. */
    readonly computeClass: boolean;
}

/** Label and taint by which GKE's compute classes mark the pools that they may use. */
export const COMPUTE_CLASS = "cloud.google.com/compute-class";

/** The labels that a node must have for the pod to land on it. */
export function nodeSelector({ pool, accelerator, computeClass }: GpuPlacement): Record<string, string> {
    return { [POOL_LABEL]: pool, [GPU.acceleratorLabel]: accelerator, ...(computeClass ? { [COMPUTE_CLASS]: pool } : {}) };
}

/** The taints that the pod accepts: exactly the pool's own. */
export function tolerations({ pool, computeClass }: GpuPlacement): Toleration[] {
    const tolerate = (key: string, value: string): Toleration => ({ key, operator: "Equal", value, effect: GPU.taint.effect });
    return [tolerate(GPU.taint.key, GPU.taint.value), ...(computeClass ? [tolerate(COMPUTE_CLASS, pool)] : [])];
}

/** What one container asks for besides GPUs. */
export interface ContainerSize {
    /** CPU request, such as `2` or `500m`. */
    readonly cpu: string;
    /** Memory request and limit, such as `4Gi`. */
    readonly memory: string;
    /** Ephemeral storage, request and limit, such as `1Gi`: `/tmp` and logs, on the node's disk. */
    readonly ephemeralStorage: string;
}

/** Requests and limits of a container. The CPU has no limit: throttling the process that feeds a GPU idles the GPU. */
export function resources({ cpu, memory, ephemeralStorage }: ContainerSize, gpus = 0): types.input.core.v1.ResourceRequirements {
    // Kubernetes refuses an extended resource whose request differs from its limit. With equal memory the pod is never evicted for what it was promised.
    const promised = { memory, "ephemeral-storage": ephemeralStorage };
    const limits = gpus === 0 ? promised : { ...promised, [GPU.resource]: String(gpus) };
    return { requests: { cpu, ...limits }, limits };
}

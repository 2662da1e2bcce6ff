import { ACCELERATOR_LABEL, GPU_TAINT } from "../../../gke/gpu-nodes";

/** A node pool, as the simulated GKE API passes it to the cluster. */
export interface NodePool {
    readonly name: string;
    /** Compute Engine machine type, such as `g2-standard-8`. */
    readonly machineType: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly taints: readonly Taint[];
    readonly accelerator?: Accelerator;
    readonly minNodes: number;
    /** Maximum number of nodes in all zones. */
    readonly maxNodes: number;
    readonly initialNodes: number;
    /** Whether the pool has an autoscaler. Without one, it has at most `initialNodes` nodes. */
    readonly autoscaled: boolean;
    readonly spot: boolean;
    /** Whether nodes only start for pods with a ProvisioningRequest. */
    readonly queued: boolean;
    /** Size of the boot disk in GB. */
    readonly diskSizeGb: number;
    /** Number of local SSDs for ephemeral storage. */
    readonly localSsds: number;
    readonly zones: readonly string[];
    /** Email of the service account that nodes pull images as, or `default` for Compute Engine's default account. */
    readonly serviceAccount: string;
}

export interface Taint {
    readonly key: string;
    readonly value: string;
    readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

export interface Accelerator {
    /** GPU type in GKE, such as `nvidia-l4`. */
    readonly type: string;
    /** Number of GPUs per node. */
    readonly count: number;
    /** MIG partition size, such as `3g.40gb`. */
    readonly partition?: string;
    readonly sharing?: { readonly strategy: string; readonly maxSharedClients: number };
}

/** Returns the taints of the pool's nodes: the configured ones and GKE's GPU taint. */
export function taintsOf(pool: NodePool): readonly Taint[] {
    const declared = pool.taints.some(({ key }) => key === GPU_TAINT.key);
    return pool.accelerator === undefined || declared ? pool.taints : [...pool.taints, GPU_TAINT];
}

/**
 * Returns the labels that GKE sets on the pool's nodes.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/gpus, …/concepts/spot-vms, …/how-to/timesharing-gpus
 * @param zone the node's zone
 */
export function labelsOf(pool: NodePool, zone: string): Readonly<Record<string, string>> {
    const { accelerator } = pool;
    const labels: Record<string, string> = {
        ...pool.labels,
        "cloud.google.com/gke-nodepool": pool.name,
        "cloud.google.com/gke-provisioning": pool.spot ? "spot" : "standard",
        "cloud.google.com/gke-container-runtime": "containerd",
        "cloud.google.com/machine-family": pool.machineType.split("-")[0] ?? "",
        "node.kubernetes.io/instance-type": pool.machineType,
        "topology.kubernetes.io/region": zone.replace(/-[a-z]$/, ""),
        "topology.kubernetes.io/zone": zone,
    };
    if (pool.spot) {
        labels["cloud.google.com/gke-spot"] = "true";
    }
    if (accelerator !== undefined) {
        labels[ACCELERATOR_LABEL] = accelerator.type;
    }
    if (accelerator?.partition !== undefined) {
        labels["cloud.google.com/gke-gpu-partition-size"] = accelerator.partition;
    }
    if (accelerator?.sharing !== undefined) {
        labels["cloud.google.com/gke-gpu-sharing-strategy"] = accelerator.sharing.strategy;
        labels["cloud.google.com/gke-max-shared-clients-per-gpu"] = String(accelerator.sharing.maxSharedClients);
    }
    return labels;
}

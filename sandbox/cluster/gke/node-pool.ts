/** A node pool as the simulated GKE API hands it to the cluster. */
export interface NodePool {
    readonly name: string;
    /** As in Compute Engine, such as `g2-standard-8`. */
    readonly machineType: string;
    readonly labels: Readonly<Record<string, string>>;
    readonly taints: readonly Taint[];
    readonly accelerator?: Accelerator;
    readonly minNodes: number;
    /** Over all zones. */
    readonly maxNodes: number;
    readonly initialNodes: number;
    /** Without an autoscaler the pool has `initialNodes` nodes at most. */
    readonly autoscaled: boolean;
    readonly spot: boolean;
    /** Whether its nodes start for pods with a ProvisioningRequest only. */
    readonly queued: boolean;
    /** Boot disk in GB. */
    readonly diskSizeGb: number;
    /** Local SSDs that are the node's ephemeral storage. */
    readonly localSsds: number;
    readonly zones: readonly string[];
}

export interface Taint {
    readonly key: string;
    readonly value: string;
    readonly effect: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
}

export interface Accelerator {
    /** As in GKE, such as `nvidia-l4`. */
    readonly type: string;
    /** GPUs of one node. */
    readonly count: number;
    /** MIG partition, such as `3g.40gb`. */
    readonly partition?: string;
    readonly sharing?: { readonly strategy: string; readonly maxSharedClients: number };
}

/** GKE's taint for GPU nodes, unless the pool declares a taint with that key. */
const GPU_TAINT: Taint = { key: "nvidia.com/gpu", value: "present", effect: "NoSchedule" };

/** The taints of the pool's nodes: its own, and GKE's for GPUs. */
export function taintsOf(pool: NodePool): readonly Taint[] {
    const declared = pool.taints.some(({ key }) => key === GPU_TAINT.key);
    return pool.accelerator === undefined || declared ? pool.taints : [...pool.taints, GPU_TAINT];
}

/**
 * The labels that GKE gives the pool's nodes.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/gpus, …/concepts/spot-vms, …/how-to/timesharing-gpus
 * @param zone of the node
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
        labels["cloud.google.com/gke-accelerator"] = accelerator.type;
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

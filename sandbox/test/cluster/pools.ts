import type { Pod } from "../../kube/objects";
import type { NodePool } from "../../cluster/gke/node-pool";

/** A pool of g2-standard-8 nodes with one L4 each. */
export const gpuPool = (change: Partial<NodePool> = {}): NodePool =>
    cpuPool({ name: "gpu", machineType: "g2-standard-8", accelerator: { type: "nvidia-l4", count: 1 }, ...change });

/** A pool of e2-standard-4 nodes without GPUs. */
export function cpuPool(change: Partial<NodePool> = {}): NodePool {
    return {
        name: "system",
        machineType: "e2-standard-4",
        labels: {},
        taints: [],
        minNodes: 0,
        maxNodes: 2,
        initialNodes: 0,
        autoscaled: true,
        spot: false,
        serviceAccount: "default",
        queued: false,
        diskSizeGb: 100,
        localSsds: 0,
        zones: ["us-central1-a"],
        ...change,
    };
}

/** A pod that the scheduler found no node for. */
export function pendingPod(name: string, requests: Readonly<Record<string, string>>, spec: Partial<Pod["spec"]> = {}): Pod {
    return {
        metadata: { name, namespace: "default", uid: name },
        spec: { containers: [{ name: "main", resources: { requests } }], ...spec },
        status: { phase: "Pending", conditions: [{ type: "PodScheduled", status: "False", reason: "Unschedulable" }] },
    };
}

/** What a GPU pod brings to land on a GPU node. */
export const ON_GPU: Partial<Pod["spec"]> = { tolerations: [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }] };

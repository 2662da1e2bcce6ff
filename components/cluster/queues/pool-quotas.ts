import type { PoolQuota } from "../../../k8s/queues";
import { poolNodes, type PoolNode } from "../../workloads/placement/pool-nodes";
import { unqueuedOn, type Amount, type Workload } from "../../workloads/placement/workload";
import { formatBytes, formatCpu, sum } from "../../../gke/quantities";
import type { ClusterConfig } from "../config";

const MEBIBYTE = 2 ** 20;

/**
 * Quota of the runs on each pool, in the order of the pools: the capacity of all its nodes, minus the largest total that pods outside the queue request.
 * @param flavorOf name of a pool's resource flavor
 */
export function poolQuotas(cluster: ClusterConfig, workloads: readonly Workload[], flavorOf: (pool: string) => string): PoolQuota[] {
    return [...poolNodes(cluster).values()].map((node) => {
        const { name } = node.pool;
        return quotaOf(node, unqueuedOn(name, workloads), flavorOf(name));
    });
}

function quotaOf(node: PoolNode, others: readonly Workload[], flavor: string): PoolQuota {
    const { maxNodes, queuedProvisioning } = node.pool;
    // Rounded down: no more than a node has.
    const offered: Size = { ...node, memoryBytes: wholeMebibytes(node.memoryBytes), ephemeralBytes: wholeMebibytes(node.ephemeralBytes) };
    const left = (amount: (size: Size) => number): number =>
        Math.max(0, maxNodes * amount(offered) - sum(others.map((other) => other.pods * amount(other))));
    return {
        flavor,
        queued: queuedProvisioning,
        gpus: left(({ gpus }) => gpus),
        cpu: formatCpu(left(({ cpuMillis }) => cpuMillis)),
        memory: formatBytes(left(({ memoryBytes }) => memoryBytes)),
        ephemeralStorage: formatBytes(left(({ ephemeralBytes }) => ephemeralBytes)),
    };
}

/** Capacity of a node, and requests of a pod. */
type Size = Amount & { readonly gpus: number };

const wholeMebibytes = (bytes: number): number => Math.floor(bytes / MEBIBYTE) * MEBIBYTE;

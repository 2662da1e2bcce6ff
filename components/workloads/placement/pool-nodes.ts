import { leftToPods } from "../../../gke/allocatable";
import { localSsdsOf, partitionsOf } from "../../../gke/gpu-machines";
import { machineOf } from "../../../gke/machine-types";
import { allocatableEphemeralBytes, type NodeDisk } from "../../../gke/reserved";
import type { ClusterConfig } from "../../cluster/config";
import type { PoolConfig } from "../../cluster/pools/config";
import type { Amount } from "./workload";

/** A pool with the capacity that each node leaves to pods. */
export interface PoolNode extends Amount {
    readonly pool: PoolConfig;
    /** Index of the pool in the configuration. */
    readonly index: number;
    /** Units of `nvidia.com/gpu`: whole GPUs, partitions or shares. */
    readonly gpus: number;
}

/** A node of each pool, by the pool's name. Other rules report duplicate names and unknown machine types. */
export function poolNodes(cluster: ClusterConfig | undefined): ReadonlyMap<string, PoolNode> {
    const nodes = new Map<string, PoolNode>();
    cluster?.pools.forEach((pool, index) => {
        const node = nodes.has(pool.name) ? undefined : nodeOf(pool, index);
        if (node !== undefined) {
            nodes.set(pool.name, node);
        }
    });
    return nodes;
}

function nodeOf(pool: PoolConfig, index: number): PoolNode | undefined {
    const machine = machineOf(pool.machineType);
    if (machine === undefined) {
        return undefined;
    }
    const partitions = pool.mig === undefined ? 1 : (partitionsOf(pool.accelerator, pool.mig) ?? 1);
    return {
        pool,
        index,
        gpus: pool.acceleratorCount * partitions * (pool.sharing?.clients ?? 1),
        ...leftToPods(machine),
        ephemeralBytes: allocatableEphemeralBytes(diskOf(pool)),
    };
}

/** Disk of a pool's nodes. Local SSDs that the stack file does not list hold no ephemeral storage. */
export const diskOf = ({ accelerator, machineType, diskSizeGb, localSsds }: PoolConfig): NodeDisk => ({
    bootGb: diskSizeGb,
    localSsds: localSsds ?? 0,
    ssdGib: localSsdsOf(accelerator, machineType).diskGib,
});

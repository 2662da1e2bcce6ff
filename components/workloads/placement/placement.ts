import type { Input } from "@pulumi/pulumi";
import type { GpuPlacement } from "../../../k8s/gpu";
import type { ClusterConfig } from "../../cluster/config";
import { computeClassOf, labelValue } from "../../project/names";
import { nodesFor } from "./packing";
import { poolNodes, type PoolNode } from "./pool-nodes";
import { usesComputeClass } from "./pool-sources";
import { sizeOf, type Workload } from "./workload";

/** Where a workload lands. */
export interface Placement {
    /** The nodes of its pool, as its pods select them. */
    readonly nodes: GpuPlacement;
    /** Whether the pool, at its largest, has capacity for one more pod, in addition to everything else of the stack that lands there. */
    readonly fitsOneMore: boolean;
}

/** What a workload runs. */
export interface WorkloadImage {
    /** `name@sha256:…`. */
    readonly ref: Input<string>;
    /** `cpu` or `cuda`. */
    readonly device: string;
}

/** A stack as far as placement depends on it. */
export interface PlacedStack {
    /** Name of the stack; empty for a component in another program, which labels nothing. */
    readonly stack: string;
    readonly cluster: ClusterConfig | undefined;
    /** Everything that lands on the pools. */
    readonly workloads: readonly Workload[];
}

/**
 * Where each workload of the stack lands. The pods of a pool are packed once for each size of pod, however many workloads have that size.
 * @throws Error from the returned function, where the workload's pool is not known; the configuration's checks report that first, with the fix
 */
export function placementsOf({ stack, cluster, workloads }: PlacedStack): (workload: Workload) => Placement {
    const nodes = poolNodes(cluster);
    const answers = new Map<string, boolean>();

    const fitsOneMore = (node: PoolNode, workload: Workload): boolean => {
        const size = sizeOf(workload);
        const key = [node.pool.name, ...size].join();
        const known = answers.get(key);
        if (known !== undefined) {
            return known;
        }
        const pods = workloads.filter(({ pool }) => pool === node.pool.name).map((other) => ({ size: sizeOf(other), count: other.pods }));
        const fits = nodesFor([...pods, { size, count: 1 }], sizeOf(node)) <= node.pool.maxNodes;
        answers.set(key, fits);
        return fits;
    };

    return (workload) => {
        const node = nodes.get(workload.pool);
        if (node === undefined) {
            throw new Error(`no pool ${workload.pool} in the cluster`);
        }
        const { pool } = node;
        return {
            nodes: {
                pool: pool.name,
                accelerator: pool.accelerator,
                gpus: workload.gpus,
                computeClass: usesComputeClass(pool) ? computeClassOf(pool.name, stack, cluster?.existing ?? false) : undefined,
                stack: stack === "" ? undefined : labelValue("stack", stack),
            },
            fitsOneMore: fitsOneMore(node, workload),
        };
    };
}

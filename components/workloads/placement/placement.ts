import type { Input, Output } from "@pulumi/pulumi";
import type { GpuPlacement } from "../../../k8s/gpu";
import type { ClusterConfig } from "../../cluster/config";
import { computeClassOf, labelValue } from "../../project/names";
import { nodesFor } from "./packing";
import { poolNodes, type PoolNode } from "./pool-nodes";
import { usesComputeClass } from "./pool-sources";
import { sizeOf, type Workload } from "./workload";

/** Placement of a workload. */
export interface Placement {
    /** Selection of the nodes of its pool. */
    readonly nodes: GpuPlacement;
    /** Whether the pool, at its largest, has capacity for one more pod, in addition to all other workloads of the stack in that pool. */
    readonly fitsOneMore: boolean;
}

/** Image of a workload. */
export interface WorkloadImage {
    /** `name@sha256:…`. */
    readonly ref: Input<string>;
    /** `cpu` or `cuda`. */
    readonly device: string;
}

/** The parts of a stack that placement depends on. */
export interface PlacedStack {
    /** Name of the stack; empty for a component in another program, which sets no labels. */
    readonly stack: string;
    readonly cluster: ClusterConfig | undefined;
    /** All workloads on the pools. */
    readonly workloads: readonly Workload[];
}

/**
 * Returns the placement of each workload of the stack. Pods of a pool are packed once for each pod size, however many workloads have that size.
 * @throws Error from the returned function, if the workload's pool is unknown; the checks of the configuration report that first, with the fix
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

/** A workload with its image, its placement and the variables of the stack file. */
interface PlacedWorkload {
    readonly image: WorkloadImage;
    readonly placement: Placement;
    readonly variables: Readonly<Record<string, string>>;
}

/** The settings of a pod that follow from its image, its account and its placement. */
export function podSettings({ image, placement, variables }: PlacedWorkload, serviceAccount: Output<string>) {
    return { image: image.ref, serviceAccount, placement: placement.nodes, env: { DEVICE: image.device, ...variables } };
}

/** Items of a section, each with the nodes of its pods. */
export function withPlacements<T>(items: readonly T[], workloadOf: (item: T, index: number) => Workload, stack: PlacedStack) {
    const placementOf = placementsOf(stack);
    return items.map((item, index) => ({ ...item, placement: placementOf(workloadOf(item, index)) }));
}

import type { Input } from "@pulumi/pulumi";
import type { GpuPlacement } from "../../k8s/gpu";
import { nodesFor } from "./checks/packing";
import { offerOf, requestOf, sizeOf, workloadsOf } from "./checks/workload-list";
import type { StackConfig } from "../config/stack";
import type { ServiceConfig } from "../inference/config";
import type { TrainingConfig } from "../training/config";
import { computeClassOf, stackLabel } from "../project/names";
import { usesComputeClass } from "./pool-sources";

/** Where a workload lands. */
export interface Placement {
    readonly placement: GpuPlacement;
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

/**
 * Where a workload of the stack lands.
 * @throws Error where its pool is not known; the configuration's checks report that first, with the fix.
 */
export function placementOf(config: StackConfig, workload: ServiceConfig | TrainingConfig): Placement {
    const offer = offerOf(config, workload.pool);
    if (offer === undefined) {
        throw new Error(`no pool ${workload.pool} in the cluster`);
    }
    const { pool } = offer;
    const all = workloadsOf(config).filter((other) => other.pool === pool.name);
    const oneMore = { size: sizeOf(requestOf(workload)), count: 1 };
    const nodes = nodesFor([...all.map((other) => ({ size: sizeOf(other), count: other.pods })), oneMore], sizeOf(offer));
    return {
        placement: {
            pool: pool.name,
            accelerator: pool.accelerator,
            gpus: workload.gpus,
            computeClass: usesComputeClass(pool) ? computeClassOf(pool.name, config.stack, config.cluster?.existing ?? false) : undefined,
            stack: config.stack === "" ? undefined : stackLabel(config.stack),
        },
        fitsOneMore: nodes <= pool.maxNodes,
    };
}

/** Least and most pods of a service; equal where their number is fixed. */
export function bounds({ replicas = 1, autoscaling }: ServiceConfig): { readonly min: number; readonly max: number } {
    return autoscaling ?? { min: replicas, max: replicas };
}

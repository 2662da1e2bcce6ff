import type { Input } from "@pulumi/pulumi";
import type { GpuPlacement } from "../k8s/gpu";
import type { RolloutFacts } from "../k8s/rollout";
import { offerOf, workloadsOf } from "./checks/workload-list";
import type { ServiceConfig, StackConfig, TrainingConfig } from "./config";
import { usesComputeClass } from "./node-pools";

/** Where a workload lands, and what the pool has for it. */
export interface Placement {
    readonly placement: GpuPlacement;
    readonly capacity: Omit<RolloutFacts, "replicas" | "gpus">;
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
 * @throws Error where its pool is not known; the configuration's own checks say so first, and how to mend it.
 */
export function placementOf(config: StackConfig, workload: ServiceConfig | TrainingConfig): Placement {
    const offer = offerOf(config, workload.pool);
    if (offer === undefined) {
        throw new Error(`no pool ${workload.pool} in the cluster`);
    }
    const { pool } = offer;
    const asked = workloadsOf(config)
        .filter((other) => other.pool === pool.name)
        .reduce((sum, { gpus, pods }) => sum + gpus * pods, 0);
    const own = workload.gpus * ("nodes" in workload ? workload.nodes : mostReplicas(workload));
    return {
        placement: { pool: pool.name, accelerator: pool.accelerator, gpus: workload.gpus, computeClass: usesComputeClass(pool) },
        capacity: { gpusPerNode: offer.gpus, maxNodes: pool.maxNodes, gpusTaken: asked - own },
    };
}

/** Most pods that a service has. */
export function mostReplicas(service: ServiceConfig): number {
    return service.autoscaling?.max ?? service.replicas ?? 1;
}

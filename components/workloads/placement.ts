import type { Input } from "@pulumi/pulumi";
import type { GpuPlacement } from "../../k8s/gpu";
import { nodesFor, type Amounts } from "./checks/packing";
import { offersOf, requestOf, sizeOf, workloadsOf, type NodeOffer } from "./checks/workload-list";
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
 * Where each workload of the stack lands. The pods of a pool are packed once for each size of pod, however many workloads have that size.
 * @throws Error from the returned function, where the workload's pool is not known; the configuration's checks report that first, with the fix
 */
export function placementsOf(config: StackConfig): (workload: ServiceConfig | TrainingConfig) => Placement {
    const offers = offersOf(config);
    const workloads = workloadsOf(config);
    const answers = new Map<string, boolean>();

    const fitsOneMore = (offer: NodeOffer, size: Amounts): boolean => {
        const key = [offer.pool.name, ...size].join();
        const known = answers.get(key);
        if (known !== undefined) {
            return known;
        }
        const pods = workloads.filter(({ pool }) => pool === offer.pool.name).map((other) => ({ size: sizeOf(other), count: other.pods }));
        const fits = nodesFor([...pods, { size, count: 1 }], sizeOf(offer)) <= offer.pool.maxNodes;
        answers.set(key, fits);
        return fits;
    };

    return (workload) => {
        const offer = offers.get(workload.pool);
        if (offer === undefined) {
            throw new Error(`no pool ${workload.pool} in the cluster`);
        }
        const { pool } = offer;
        return {
            placement: {
                pool: pool.name,
                accelerator: pool.accelerator,
                gpus: workload.gpus,
                computeClass: usesComputeClass(pool)
                    ? computeClassOf(pool.name, config.stack, config.cluster?.existing ?? false)
                    : undefined,
                stack: config.stack === "" ? undefined : stackLabel(config.stack),
            },
            fitsOneMore: fitsOneMore(offer, sizeOf(requestOf(workload))),
        };
    };
}

/** Least and most pods of a service; equal where their number is fixed. */
export function bounds({ replicas = 1, autoscaling }: ServiceConfig): { readonly min: number; readonly max: number } {
    return autoscaling ?? { min: replicas, max: replicas };
}

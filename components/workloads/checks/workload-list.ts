import { leftToPods, type Allocatable } from "../../../gke/allocatable";
import { localSsdsOf, partitionsOf } from "../../../gke/gpu-machines";
import { machineOf } from "../../../gke/machine-types";
import { allocatableEphemeralBytes, type NodeDisk } from "../../../gke/reserved";
import type { ContainerSize } from "../../../k8s/gpu";
import { FUSE_SIDECAR, buckets } from "../../../k8s/volumes";
import type { ServiceConfig } from "../../inference/config";
import type { PoolConfig } from "../../cluster/pools/config";
import type { StackConfig } from "../../config/stack";
import type { TrainingConfig } from "../../training/config";
import { keyOf, type Path } from "../../config/problem";
import { parseCpu, parseMemory } from "../quantities";
import type { Amounts } from "./packing";

/** Pods of one kind that land on a GPU pool. */
export interface Workload extends PodRequest {
    /** Key of one of its fields. */
    readonly at: (...path: Path) => string;
    /** How a message calls it. */
    readonly title: string;
    /** The pool's name. */
    readonly pool: string;
    /** How many pods there are at most. */
    readonly pods: number;
}

/** What one pod requests, all its containers together. */
interface PodRequest extends Amount {
    readonly gpus: number;
    /** What of it GKE adds for the sidecar that mounts buckets. */
    readonly sidecar: Amount;
}

/** CPU, memory and ephemeral storage. */
interface Amount extends Allocatable {
    readonly ephemeralBytes: number;
}

const amountOf = (size: ContainerSize): Amount => ({
    cpuMillis: parseCpu(size.cpu),
    memoryBytes: parseMemory(size.memory),
    ephemeralBytes: parseMemory(size.ephemeralStorage),
});

const NOTHING: Amount = { cpuMillis: 0, memoryBytes: 0, ephemeralBytes: 0 };

/** What a pod of a service or of a run requests. */
export function requestOf(workload: ServiceConfig | TrainingConfig): PodRequest {
    const mounts = buckets("checkpoints" in workload ? [workload.checkpoints, workload.data] : [workload.model]);
    const sidecar = mounts.length === 0 ? NOTHING : amountOf(FUSE_SIDECAR);
    const own = amountOf(workload);
    return {
        gpus: workload.gpus,
        cpuMillis: own.cpuMillis + sidecar.cpuMillis,
        memoryBytes: own.memoryBytes + sidecar.memoryBytes,
        ephemeralBytes: own.ephemeralBytes + sidecar.ephemeralBytes,
        sidecar,
    };
}

/** A request, or what a node offers, as the amounts that are packed. */
export const sizeOf = ({ gpus, cpuMillis, memoryBytes, ephemeralBytes }: Amount & { readonly gpus: number }): Amounts => [
    gpus,
    cpuMillis,
    memoryBytes,
    ephemeralBytes,
];

/** Everything of the stack that asks for GPUs. */
export const workloadsOf = ({ inference, training }: StackConfig): readonly Workload[] => [
    ...(inference?.services ?? []).map((service, index): Workload => ({
        ...requestOf(service),
        at: (...path) => keyOf("inference", "services", index, ...path),
        title: `service ${service.name}`,
        pool: service.pool,
        pods: Math.max(service.autoscaling?.max ?? 0, service.replicas ?? 0),
    })),
    ...(training === undefined
        ? []
        : [
              {
                  ...requestOf(training),
                  at: (...path: Path) => keyOf("training", ...path),
                  title: `run ${training.runId}`,
                  pool: training.pool,
                  pods: training.nodes,
              },
          ]),
];

/** Disk of a pool's nodes. Local SSDs that the stack file does not list hold no ephemeral storage. */
export const diskOf = ({ accelerator, machineType, diskSizeGb, localSsds }: PoolConfig): NodeDisk => ({
    bootGb: diskSizeGb,
    localSsds: localSsds ?? 0,
    ssdGib: localSsdsOf(accelerator, machineType).diskGib,
});

/** A pool with what one of its nodes offers. */
export interface NodeOffer extends Amount {
    readonly pool: PoolConfig;
    /** Index of the pool in the configuration. */
    readonly index: number;
    /** Units of `nvidia.com/gpu`: whole GPUs, partitions or shares. */
    readonly gpus: number;
}

/** What a node of the named pool offers; undefined where the pool or its machine type is not known, which other rules report. */
export function offerOf({ cluster }: StackConfig, name: string): NodeOffer | undefined {
    const index = cluster?.pools.findIndex((candidate) => candidate.name === name) ?? -1;
    const pool = cluster?.pools[index];
    return pool && offerOfPool(pool, index);
}

/** What a node of each pool offers, by the pool's name. */
export function offersOf({ cluster }: StackConfig): ReadonlyMap<string, NodeOffer> {
    const offers = new Map<string, NodeOffer>();
    cluster?.pools.forEach((pool, index) => {
        const offer = offers.has(pool.name) ? undefined : offerOfPool(pool, index);
        if (offer !== undefined) {
            offers.set(pool.name, offer);
        }
    });
    return offers;
}

function offerOfPool(pool: PoolConfig, index: number): NodeOffer | undefined {
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

import { isAccelerator, localSsdsOf, partitionsOf } from "../../../gke/gpu-machines";
import { GPU_RESOURCE } from "../../../gke/gpu-nodes";
import { machineOf, sharesCores } from "../../../gke/machine-types";
import {
    allocatableEphemeralBytes,
    ephemeralBytes,
    EVICTION_BYTES,
    kernelBytes,
    reservedCpuMillis,
    reservedMemoryBytes,
} from "../../../gke/reserved";
import type { Quantities } from "../../kube/objects";
import type { NodePool } from "./node-pool";

/** Capacity of a node, and the part that is allocatable to pods. */
export interface NodeShape {
    readonly capacity: Quantities;
    readonly allocatable: Quantities;
}

/** GKE's default. https://cloud.google.com/kubernetes-engine/quotas */
const MAX_PODS = 110;

/** Size of one local SSD for machine types without accelerators. https://cloud.google.com/compute/docs/disks/local-ssd */
const SSD_GIB = 375;

const GIBIBYTE = 2 ** 30;

/**
 * Number of GPUs that pods can request on one node of the pool, after partitioning and sharing.
 * @throws Error if the accelerator does not support that MIG partition size
 */
export function gpuUnits({ accelerator }: Pick<NodePool, "accelerator">): number {
    if (accelerator === undefined) {
        return 0;
    }
    const { type, count, partition, sharing } = accelerator;
    return count * (partition === undefined ? 1 : partitions(type, partition)) * (sharing?.maxSharedClients ?? 1);
}

function partitions(type: string, size: string): number {
    const count = isAccelerator(type) ? partitionsOf(type, size) : undefined;
    if (count === undefined) {
        throw new Error(`The accelerator ${type} does not support MIG partitions of ${size}`);
    }
    return count;
}

/**
 * Returns the capacity that GKE reports for a node of the pool, by GKE's documented formula.
 * @throws Error if the machine type or the partition size is unknown
 */
export function shapeOf(pool: NodePool): NodeShape {
    const machine = machineOf(pool.machineType);
    if (machine === undefined) {
        throw new Error(`The sandbox does not support the machine type ${pool.machineType}`);
    }
    const bytes = machine.memoryGib * GIBIBYTE;
    const visible = bytes - kernelBytes(bytes);
    const disk = { bootGb: pool.diskSizeGb, localSsds: pool.localSsds, ssdGib: ssdGib(pool) };
    const gpus = gpuUnits(pool);
    const gpu: Quantities = gpus > 0 ? { [GPU_RESOURCE]: String(gpus) } : {};
    return {
        capacity: {
            cpu: String(machine.vcpus),
            memory: kibibytes(visible),
            "ephemeral-storage": kibibytes(ephemeralBytes(disk)),
            pods: String(MAX_PODS),
            ...gpu,
        },
        allocatable: {
            cpu: `${machine.vcpus * 1000 - reservedCpuMillis(machine.vcpus, sharesCores(machine.name))}m`,
            memory: kibibytes(visible - reservedMemoryBytes(machine.memoryGib) - EVICTION_BYTES),
            "ephemeral-storage": kibibytes(allocatableEphemeralBytes(disk)),
            pods: String(MAX_PODS),
            ...gpu,
        },
    };
}

function ssdGib({ accelerator, machineType }: NodePool): number {
    const type = accelerator?.type;
    return type !== undefined && isAccelerator(type) ? localSsdsOf(type, machineType).diskGib : SSD_GIB;
}

function kibibytes(bytes: number): string {
    return `${Math.floor(bytes / 1024)}Ki`;
}

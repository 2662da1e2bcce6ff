import type { Quantities } from "./kube-objects";
import { machineOf } from "./machine-types";
import type { NodePool } from "./node-pool";

/** Capacity of a node, and what of it pods can have. */
export interface NodeShape {
    readonly capacity: Quantities;
    readonly allocatable: Quantities;
}

/** The extended resource that GKE's device plugin advertises. */
export const GPU_RESOURCE = "nvidia.com/gpu";

/** GKE's default boot disk. https://cloud.google.com/kubernetes-engine/docs/how-to/custom-boot-disks */
const BOOT_DISK_GIB = 100;
/** GKE's default. https://cloud.google.com/kubernetes-engine/quotas */
const MAX_PODS = 110;
/** Kept free by GKE's eviction threshold. */
const EVICTION_MIB = 100;

const KIB_PER_MIB = 1024;
const KIB_PER_GIB = 1024 * 1024;

/** Each step: up to that amount, this share is reserved. https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes */
type Steps = readonly { readonly upTo: number; readonly share: number }[];
const MEMORY_GIB: Steps = [
    { upTo: 4, share: 0.25 },
    { upTo: 8, share: 0.2 },
    { upTo: 16, share: 0.1 },
    { upTo: 128, share: 0.06 },
    { upTo: Infinity, share: 0.02 },
];
const CPU_CORES: Steps = [
    { upTo: 1, share: 0.06 },
    { upTo: 2, share: 0.01 },
    { upTo: 4, share: 0.005 },
    { upTo: Infinity, share: 0.0025 },
];

/** Whether the machine shares its cores: e2-micro, e2-small and e2-medium have 1060 millicores reserved. */
const SHARED_CORE = /^e2-(micro|small|medium)$/;

/** Partitions of a GPU by their size. https://cloud.google.com/kubernetes-engine/docs/how-to/gpus-multi#mig-partitions */
const PARTITIONS: Readonly<Record<number, readonly string[]>> = {
    7: ["1g.5gb", "1g.10gb", "1g.18gb", "1g.23gb"],
    4: ["1g.20gb", "1g.35gb", "1g.45gb", "1g.47gb", "1g.24gb"],
    3: ["2g.10gb", "2g.20gb", "2g.35gb", "2g.45gb", "2g.47gb"],
    2: ["3g.20gb", "3g.40gb", "3g.71gb", "3g.90gb", "3g.93gb", "2g.48gb"],
};

function partitionsOf(size: string): number {
    return Number(Object.entries(PARTITIONS).find(([, sizes]) => sizes.includes(size))?.[0] ?? 1);
}

/** GPUs that pods can ask for on one node of the pool: partitions and sharing multiply them. */
export function gpuUnits({ accelerator }: Pick<NodePool, "accelerator">): number {
    if (accelerator === undefined) return 0;
    const { count, partition, sharing } = accelerator;
    return count * (partition === undefined ? 1 : partitionsOf(partition)) * (sharing?.maxSharedClients ?? 1);
}

/** What the kernel keeps: https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/gce/reserved.go */
function kernelKib(memoryKib: number): number {
    return Math.floor(memoryKib / 64) + 16 * KIB_PER_MIB + (memoryKib > 3 * KIB_PER_GIB ? 64 * KIB_PER_MIB : 0);
}

/**
 * What GKE shows for a node of the pool, by its documented formula.
 * @throws Error where the machine type is not known
 */
export function shapeOf(pool: NodePool): NodeShape {
    const machine = machineOf(pool.machineType);
    const installedKib = Math.round(machine.memoryGib * KIB_PER_GIB);
    const memoryKib = installedKib - kernelKib(installedKib);
    const reservedKib = machine.memoryGib < 1 ? 255 * KIB_PER_MIB : Math.round(reserved(machine.memoryGib, MEMORY_GIB) * KIB_PER_GIB);
    const reservedMillicores = SHARED_CORE.test(pool.machineType) ? 1060 : Math.round(reserved(machine.vcpus, CPU_CORES) * 1000);
    const reservedDiskGib = 0.1 * BOOT_DISK_GIB + Math.min(0.5 * BOOT_DISK_GIB, 6 + 0.35 * BOOT_DISK_GIB, 100);
    const gpus = gpuUnits(pool);
    const gpu: Quantities = gpus > 0 ? { [GPU_RESOURCE]: String(gpus) } : {};
    return {
        capacity: {
            cpu: String(machine.vcpus),
            memory: `${String(memoryKib)}Ki`,
            "ephemeral-storage": `${String(BOOT_DISK_GIB)}Gi`,
            pods: String(MAX_PODS),
            ...gpu,
        },
        allocatable: {
            cpu: `${String(machine.vcpus * 1000 - reservedMillicores)}m`,
            memory: `${String(memoryKib - reservedKib - EVICTION_MIB * KIB_PER_MIB)}Ki`,
            "ephemeral-storage": `${String(Math.floor(BOOT_DISK_GIB - reservedDiskGib))}Gi`,
            pods: String(MAX_PODS),
            ...gpu,
        },
    };
}

function reserved(amount: number, steps: Steps): number {
    let from = 0;
    let sum = 0;
    for (const { upTo, share } of steps) {
        if (amount <= from) break;
        sum += (Math.min(amount, upTo) - from) * share;
        from = upTo;
    }
    return sum;
}

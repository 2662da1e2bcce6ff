/** How a node is paid for and obtained. */
export type CapacityKind = "on-demand" | "spot" | "flex-start" | "reservation";

/** A machine type with its accelerators built in. */
export interface AcceleratorMachine {
    readonly name: string;
    /** GPUs of a machine. */
    readonly gpus: number;
    readonly vcpus: number;
    /** Memory in GiB. */
    readonly memoryGib: number;
    /** Local SSD in GB that every machine of this type carries; 0 where none is built in. */
    readonly builtInSsdGb: number;
    /** Local SSDs of 375 GB that can be added; 0 where they are built in. */
    readonly addableSsds: number;
    /** How it can be obtained, where that is narrower than for the accelerator's other machines. */
    readonly capacity?: readonly CapacityKind[];
}

/** How many N1 vCPUs and how much memory (GiB) a machine may have for this many attached GPUs. */
export interface N1Attachment {
    readonly gpus: number;
    readonly maxVcpus: number;
    readonly maxMemoryGib: number;
}

/** What GKE and Compute Engine document of one accelerator. */
export interface Accelerator {
    /** Memory of one GPU in GB. */
    readonly memoryGb: number;
    /** Machine types that carry it, the smallest first; none where it is attached to N1 machines. */
    readonly machines: readonly AcceleratorMachine[];
    /** Counts that attach to an N1 machine, and the largest machine for each; none where machine types carry it. */
    readonly attachments: readonly N1Attachment[];
    /** Partitions of one GPU by their size, as `1g.5gb` → 7; none where the GPU has no MIG. Source: `migSource`. */
    readonly mig: Readonly<Record<string, number>>;
    /** How several pods may share one GPU. */
    readonly sharing: readonly ("time-sharing" | "mps")[];
    /** How its machines can be obtained. */
    readonly capacity: readonly CapacityKind[];
    /** The page that documents the machine types and their counts. */
    readonly source: string;
}

/** What GKE's own device plugin accepts as a partition size, with the number of partitions. */
export const migSource = "https://github.com/GoogleCloudPlatform/container-engine-accelerators/blob/master/pkg/gpu/nvidia/mig/mig.go";

const gpuMachineTypes = "https://cloud.google.com/compute/docs/gpus";
const acceleratorOptimized = "https://cloud.google.com/compute/docs/accelerator-optimized-machines";

/** A machine type with local SSDs built in. */
const withSsd = (name: string, gpus: number, vcpus: number, memoryGib: number, builtInSsdGb: number): AcceleratorMachine => ({
    name,
    gpus,
    vcpus,
    memoryGib,
    builtInSsdGb,
    addableSsds: 0,
});

/** A machine type to which local SSDs can be added. */
const machine = (name: string, gpus: number, vcpus: number, memoryGib: number, addableSsds: number): AcceleratorMachine => ({
    name,
    gpus,
    vcpus,
    memoryGib,
    builtInSsdGb: 0,
    addableSsds,
});

const attachment = (gpus: number, maxVcpus: number, maxMemoryGib: number): N1Attachment => ({ gpus, maxVcpus, maxMemoryGib });

/** Rows share what most accelerators have in common. */
const usual = {
    machines: [],
    attachments: [],
    mig: {},
    sharing: ["time-sharing", "mps"],
    capacity: ["on-demand", "spot", "flex-start", "reservation"],
} as const;

/** Every NVIDIA accelerator of GKE by GKE's own name for it. */
export const accelerators = {
    "nvidia-tesla-t4": {
        ...usual,
        memoryGb: 16,
        attachments: [attachment(1, 48, 312), attachment(2, 48, 312), attachment(4, 96, 624)],
        source: gpuMachineTypes,
    },
    "nvidia-tesla-p4": {
        ...usual,
        memoryGb: 8,
        attachments: [attachment(1, 24, 156), attachment(2, 48, 312), attachment(4, 96, 624)],
        source: gpuMachineTypes,
    },
    // In us-east1-c, europe-west1-b and europe-west1-d, four of them attach to 64 vCPUs and 208 GB at most.
    "nvidia-tesla-p100": {
        ...usual,
        memoryGb: 16,
        attachments: [attachment(1, 16, 104), attachment(2, 32, 208), attachment(4, 96, 624)],
        source: gpuMachineTypes,
    },
    "nvidia-tesla-v100": {
        ...usual,
        memoryGb: 16,
        attachments: [attachment(1, 12, 78), attachment(2, 24, 156), attachment(4, 48, 312), attachment(8, 96, 624)],
        source: gpuMachineTypes,
    },
    "nvidia-l4": {
        ...usual,
        memoryGb: 24,
        machines: [
            machine("g2-standard-4", 1, 4, 16, 1),
            machine("g2-standard-8", 1, 8, 32, 1),
            machine("g2-standard-12", 1, 12, 48, 1),
            machine("g2-standard-16", 1, 16, 64, 1),
            machine("g2-standard-32", 1, 32, 128, 1),
            machine("g2-standard-24", 2, 24, 96, 2),
            machine("g2-standard-48", 4, 48, 192, 4),
            machine("g2-standard-96", 8, 96, 384, 8),
        ],
        source: acceleratorOptimized,
    },
    // The types with a part of a GPU (g4-standard-6, -12, -24) are left out: a node pool counts whole GPUs.
    "nvidia-rtx-pro-6000": {
        ...usual,
        memoryGb: 96,
        machines: [
            machine("g4-standard-48", 1, 48, 180, 4),
            machine("g4-standard-96", 2, 96, 360, 8),
            machine("g4-standard-192", 4, 192, 720, 16),
            machine("g4-standard-384", 8, 384, 1440, 32),
        ],
        mig: { "1g.24gb": 4, "2g.48gb": 2, "4g.96gb": 1 },
        source: acceleratorOptimized,
    },
    "nvidia-tesla-a100": {
        ...usual,
        memoryGb: 40,
        machines: [
            machine("a2-highgpu-1g", 1, 12, 85, 8),
            machine("a2-highgpu-2g", 2, 24, 170, 8),
            machine("a2-highgpu-4g", 4, 48, 340, 8),
            machine("a2-highgpu-8g", 8, 96, 680, 8),
            machine("a2-megagpu-16g", 16, 96, 1360, 8),
        ],
        mig: { "1g.5gb": 7, "2g.10gb": 3, "3g.20gb": 2, "7g.40gb": 1 },
        source: acceleratorOptimized,
    },
    "nvidia-a100-80gb": {
        ...usual,
        memoryGb: 80,
        machines: [
            withSsd("a2-ultragpu-1g", 1, 12, 170, 375),
            withSsd("a2-ultragpu-2g", 2, 24, 340, 750),
            withSsd("a2-ultragpu-4g", 4, 48, 680, 1500),
            withSsd("a2-ultragpu-8g", 8, 96, 1360, 3000),
        ],
        mig: { "1g.10gb": 7, "2g.20gb": 3, "3g.40gb": 2, "7g.80gb": 1 },
        source: acceleratorOptimized,
    },
    "nvidia-h100-80gb": {
        ...usual,
        memoryGb: 80,
        machines: [
            { ...withSsd("a3-highgpu-1g", 1, 26, 234, 750), capacity: ["spot", "flex-start"] },
            { ...withSsd("a3-highgpu-2g", 2, 52, 468, 1500), capacity: ["spot", "flex-start"] },
            { ...withSsd("a3-highgpu-4g", 4, 104, 936, 3000), capacity: ["spot", "flex-start"] },
            withSsd("a3-highgpu-8g", 8, 208, 1872, 6000),
            withSsd("a3-edgegpu-8g", 8, 208, 1872, 6000),
        ],
        mig: { "1g.10gb": 7, "1g.20gb": 4, "2g.20gb": 3, "3g.40gb": 2, "7g.80gb": 1 },
        source: acceleratorOptimized,
    },
    "nvidia-h100-mega-80gb": {
        ...usual,
        memoryGb: 80,
        machines: [withSsd("a3-megagpu-8g", 8, 208, 1872, 6000)],
        mig: { "1g.10gb": 7, "1g.20gb": 4, "2g.20gb": 3, "3g.40gb": 2, "7g.80gb": 1 },
        source: acceleratorOptimized,
    },
    "nvidia-h200-141gb": {
        ...usual,
        capacity: ["spot", "flex-start", "reservation"],
        memoryGb: 141,
        machines: [withSsd("a3-ultragpu-8g", 8, 224, 2952, 12_000)],
        mig: { "1g.18gb": 7, "1g.35gb": 4, "2g.35gb": 3, "3g.71gb": 2, "4g.71gb": 1, "7g.141gb": 1 },
        source: acceleratorOptimized,
    },
    "nvidia-b200": {
        ...usual,
        capacity: ["spot", "flex-start", "reservation"],
        memoryGb: 180,
        machines: [withSsd("a4-highgpu-8g", 8, 224, 3968, 12_000)],
        mig: { "1g.23gb": 7, "1g.45gb": 4, "2g.45gb": 3, "3g.90gb": 2, "4g.90gb": 1, "7g.180gb": 1 },
        source: acceleratorOptimized,
    },
    "nvidia-gb200": {
        ...usual,
        capacity: ["reservation"],
        memoryGb: 186,
        machines: [withSsd("a4x-highgpu-4g", 4, 140, 884, 12_000)],
        mig: { "1g.23gb": 7, "1g.47gb": 4, "2g.47gb": 3, "3g.93gb": 2, "4g.93gb": 1, "7g.186gb": 1 },
        source: acceleratorOptimized,
    },
} as const satisfies Readonly<Record<string, Accelerator>>;

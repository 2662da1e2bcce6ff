/** What a Compute Engine machine type has. */
export interface Machine {
    readonly vcpus: number;
    readonly memoryGib: number;
}

/** GiB of memory for one vCPU, where the family has a fixed ratio. https://cloud.google.com/compute/docs/general-purpose-machines */
const GIB_PER_VCPU: Readonly<Record<string, number>> = {
    "e2-standard": 4,
    "e2-highmem": 8,
    "e2-highcpu": 1,
    "n1-standard": 3.75,
    "n1-highmem": 6.5,
    "n1-highcpu": 0.9,
    "n2-standard": 4,
    "n2-highmem": 8,
    "n2-highcpu": 1,
    "n2d-standard": 4,
    "n2d-highmem": 8,
    "n2d-highcpu": 1,
    "c2-standard": 4,
    "c2d-standard": 4,
    "c3-standard": 4,
    "c3-highmem": 8,
    "c3-highcpu": 2,
    "n4-standard": 4,
    "t2d-standard": 4,
    "g2-standard": 4,
    "g4-standard": 3.75,
};

/** Machine types that follow no ratio. https://cloud.google.com/compute/docs/accelerator-optimized-machines */
const FIXED: Readonly<Record<string, Machine>> = {
    "e2-micro": { vcpus: 2, memoryGib: 1 },
    "e2-small": { vcpus: 2, memoryGib: 2 },
    "e2-medium": { vcpus: 2, memoryGib: 4 },
    "a2-highgpu-1g": { vcpus: 12, memoryGib: 85 },
    "a2-highgpu-2g": { vcpus: 24, memoryGib: 170 },
    "a2-highgpu-4g": { vcpus: 48, memoryGib: 340 },
    "a2-highgpu-8g": { vcpus: 96, memoryGib: 680 },
    "a2-megagpu-16g": { vcpus: 96, memoryGib: 1360 },
    "a2-ultragpu-1g": { vcpus: 12, memoryGib: 170 },
    "a2-ultragpu-2g": { vcpus: 24, memoryGib: 340 },
    "a2-ultragpu-4g": { vcpus: 48, memoryGib: 680 },
    "a2-ultragpu-8g": { vcpus: 96, memoryGib: 1360 },
    "a3-highgpu-1g": { vcpus: 26, memoryGib: 234 },
    "a3-highgpu-2g": { vcpus: 52, memoryGib: 468 },
    "a3-highgpu-4g": { vcpus: 104, memoryGib: 936 },
    "a3-highgpu-8g": { vcpus: 208, memoryGib: 1872 },
    "a3-megagpu-8g": { vcpus: 208, memoryGib: 1872 },
    "a3-edgegpu-8g": { vcpus: 208, memoryGib: 1872 },
    "a3-ultragpu-8g": { vcpus: 224, memoryGib: 2952 },
    "a4-highgpu-8g": { vcpus: 224, memoryGib: 3968 },
    "a4x-highgpu-4g": { vcpus: 140, memoryGib: 884 },
};

/** Extended memory and custom types: `n1-custom-8-32768`, `custom-8-32768` (n1), memory in MiB. */
const CUSTOM = /^(?:[a-z0-9]+-)?custom-(\d+)-(\d+)(?:-ext)?$/;

/**
 * The vCPUs and memory of a machine type.
 * @throws Error where the family is not known to the sandbox
 */
export function machineOf(machineType: string): Machine {
    const fixed = FIXED[machineType];
    if (fixed !== undefined) return fixed;
    const custom = CUSTOM.exec(machineType);
    if (custom !== null) return { vcpus: Number(custom[1]), memoryGib: Number(custom[2]) / 1024 };
    const [, family = "", vcpus = ""] = /^([a-z0-9]+-[a-z]+)-(\d+)$/.exec(machineType) ?? [];
    const ratio = GIB_PER_VCPU[family];
    if (ratio === undefined) throw new Error(`The sandbox does not know the machine type ${machineType}`);
    return { vcpus: Number(vcpus), memoryGib: Number(vcpus) * ratio };
}

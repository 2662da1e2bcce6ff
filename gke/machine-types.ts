import { accelerators } from "./accelerator-table";

/** vCPUs and memory of a machine type. */
export interface Machine {
    readonly name: string;
    readonly vcpus: number;
    /** Memory in GiB. */
    readonly memoryGib: number;
}

/** A series of machine types with the same memory for each vCPU. */
interface Series {
    readonly gibPerVcpu: number;
    readonly vcpus: readonly number[];
}

/**
 * General-purpose and compute-optimized series.
 * Sources: https://cloud.google.com/compute/docs/general-purpose-machines and https://cloud.google.com/compute/docs/compute-optimized-machines
 */
const SERIES: Readonly<Record<string, Series>> = {
    "e2-standard": { gibPerVcpu: 4, vcpus: [2, 4, 8, 16, 32] },
    "e2-highmem": { gibPerVcpu: 8, vcpus: [2, 4, 8, 16] },
    "e2-highcpu": { gibPerVcpu: 1, vcpus: [2, 4, 8, 16, 32] },
    "n1-standard": { gibPerVcpu: 3.75, vcpus: [1, 2, 4, 8, 16, 32, 64, 96] },
    "n1-highmem": { gibPerVcpu: 6.5, vcpus: [2, 4, 8, 16, 32, 64, 96] },
    "n1-highcpu": { gibPerVcpu: 0.9, vcpus: [2, 4, 8, 16, 32, 64, 96] },
    "n2-standard": { gibPerVcpu: 4, vcpus: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128] },
    "n2-highmem": { gibPerVcpu: 8, vcpus: [2, 4, 8, 16, 32, 48, 64, 80, 96] },
    "n2-highcpu": { gibPerVcpu: 1, vcpus: [2, 4, 8, 16, 32, 48, 64, 80, 96] },
    "n2d-standard": { gibPerVcpu: 4, vcpus: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224] },
    "n2d-highmem": { gibPerVcpu: 8, vcpus: [2, 4, 8, 16, 32, 48, 64, 80, 96] },
    "n2d-highcpu": { gibPerVcpu: 1, vcpus: [2, 4, 8, 16, 32, 48, 64, 80, 96, 128, 224] },
    "n4-standard": { gibPerVcpu: 4, vcpus: [2, 4, 8, 16, 32, 48, 64, 80] },
    "n4-highmem": { gibPerVcpu: 8, vcpus: [2, 4, 8, 16, 32, 48, 64, 80] },
    "n4-highcpu": { gibPerVcpu: 2, vcpus: [2, 4, 8, 16, 32, 48, 64, 80] },
    "c2-standard": { gibPerVcpu: 4, vcpus: [4, 8, 16, 30, 60] },
    "c2d-standard": { gibPerVcpu: 4, vcpus: [2, 4, 8, 16, 32, 56, 112] },
    "c2d-highmem": { gibPerVcpu: 8, vcpus: [2, 4, 8, 16, 32, 56, 112] },
    "c2d-highcpu": { gibPerVcpu: 2, vcpus: [2, 4, 8, 16, 32, 56, 112] },
    "c3-standard": { gibPerVcpu: 4, vcpus: [4, 8, 22, 44, 88, 176] },
    "c3-highmem": { gibPerVcpu: 8, vcpus: [4, 8, 22, 44, 88, 176] },
    "c3-highcpu": { gibPerVcpu: 2, vcpus: [4, 8, 22, 44, 88, 176] },
    "c3d-standard": { gibPerVcpu: 4, vcpus: [4, 8, 16, 30, 60, 90, 180, 360] },
    "c3d-highmem": { gibPerVcpu: 8, vcpus: [4, 8, 16, 30, 60, 90, 180, 360] },
    "c3d-highcpu": { gibPerVcpu: 2, vcpus: [4, 8, 16, 30, 60, 90, 180, 360] },
    "c4-standard": { gibPerVcpu: 3.75, vcpus: [4, 8, 16, 24, 32, 48, 96, 144, 192, 288] },
    "c4-highcpu": { gibPerVcpu: 2, vcpus: [2, 4, 8, 16, 24, 32, 48, 96, 144, 192, 288] },
    "c4-highmem": { gibPerVcpu: 7.75, vcpus: [4, 8, 16, 24, 32, 48, 96, 144, 192, 288] },
    "t2d-standard": { gibPerVcpu: 4, vcpus: [1, 2, 4, 8, 16, 32, 48, 60] },
};

/** Machine types with shared cores. Source: https://cloud.google.com/compute/docs/general-purpose-machines#e2-shared-core */
const SHARED_CORE: readonly Machine[] = [
    { name: "e2-micro", vcpus: 2, memoryGib: 1 },
    { name: "e2-small", vcpus: 2, memoryGib: 2 },
    { name: "e2-medium", vcpus: 2, memoryGib: 4 },
];

/** Whether the machine type has shared cores. */
export const sharesCores = (name: string): boolean => SHARED_CORE.some((machine) => machine.name === name);

const generalPurpose: readonly Machine[] = [
    ...SHARED_CORE,
    ...Object.entries(SERIES).flatMap(([prefix, { gibPerVcpu, vcpus }]) =>
        vcpus.map((count): Machine => ({ name: `${prefix}-${count}`, vcpus: count, memoryGib: gibPerVcpu * count })),
    ),
];

/** Predefined machine types without a built-in accelerator, for system pools; GPUs attach to the N1 ones. */
export const generalPurposeNames: readonly string[] = generalPurpose.map(({ name }) => name);

/** The predefined N1 machine types, the smallest first. */
export const n1Machines: readonly Machine[] = generalPurpose
    .filter(({ name }) => name.startsWith("n1-"))
    .sort((one, other) => one.vcpus - other.vcpus);

const byName: ReadonlyMap<string, Machine> = new Map(
    [...generalPurpose, ...Object.values(accelerators).flatMap(({ machines }) => machines as readonly Machine[])].map((machine) => [
        machine.name,
        machine,
    ]),
);

/** Limits of custom machine types: vCPUs, and GiB of memory for each. */
interface CustomSeries {
    readonly maxVcpus: number;
    readonly minGibPerVcpu: number;
    readonly maxGibPerVcpu: number;
}

/** Series with custom machine types. Source: https://cloud.google.com/compute/docs/instances/creating-instance-with-custom-machine-type */
const CUSTOM_SERIES: Readonly<Record<string, CustomSeries>> = {
    e2: { maxVcpus: 32, minGibPerVcpu: 0.5, maxGibPerVcpu: 8 },
    n1: { maxVcpus: 96, minGibPerVcpu: 0.9, maxGibPerVcpu: 6.5 },
    n2: { maxVcpus: 128, minGibPerVcpu: 0.5, maxGibPerVcpu: 8 },
    n2d: { maxVcpus: 224, minGibPerVcpu: 0.5, maxGibPerVcpu: 8 },
    n4: { maxVcpus: 80, minGibPerVcpu: 2, maxGibPerVcpu: 8 },
};

/**
 * The machine of a custom type such as `n1-custom-6-20480`: 1 vCPU or an even number, memory in steps of 256 MiB. A name without a series is N1; `-ext` removes the
 * memory limit for each vCPU.
 */
function customMachine(name: string): Machine | undefined {
    const [, series = "n1", cpus, mebibytes, extended] = /^(?:([a-z0-9]+)-)?custom-(\d+)-(\d+)(-ext)?$/.exec(name) ?? [];
    const limits = CUSTOM_SERIES[series];
    const [vcpus, memoryMib] = [Number(cpus), Number(mebibytes)];
    if (limits === undefined || !(vcpus === 1 || (vcpus > 0 && vcpus % 2 === 0)) || vcpus > limits.maxVcpus || memoryMib % 256 !== 0) {
        return undefined;
    }
    const memoryGib = memoryMib / 1024;
    const tooMuch = extended === undefined && memoryGib > vcpus * limits.maxGibPerVcpu;
    return memoryGib < vcpus * limits.minGibPerVcpu || tooMuch ? undefined : { name, vcpus, memoryGib };
}

/** vCPUs and memory of a machine type; undefined if it is unknown. */
export const machineOf = (name: string): Machine | undefined => byName.get(name) ?? customMachine(name);

/** Whether nodes of this type can be a system pool: it is known, and has no built-in accelerator. */
export const isGeneralPurpose = (name: string): boolean => generalPurposeNames.includes(name) || customMachine(name) !== undefined;

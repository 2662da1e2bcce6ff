import { accelerators } from "./accelerator-table";

/** What a machine type has. */
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

/** General-purpose series. Source: https://cloud.google.com/compute/docs/general-purpose-machines */
const series: Readonly<Record<string, Series>> = {
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
};

const generalPurpose = Object.entries(series).flatMap(([prefix, { gibPerVcpu, vcpus }]) =>
    vcpus.map((count): Machine => ({ name: `${prefix}-${count}`, vcpus: count, memoryGib: gibPerVcpu * count })),
);

/** Machine types without an accelerator of their own, for system pools; the N1 ones take attached GPUs too. */
export const generalPurposeNames: readonly string[] = generalPurpose.map(({ name }) => name);

/** The N1 machine types, the smallest first. */
export const n1Machines: readonly Machine[] = generalPurpose
    .filter(({ name }) => name.startsWith("n1-"))
    .sort((one, other) => one.vcpus - other.vcpus);

const byName: ReadonlyMap<string, Machine> = new Map(
    [...generalPurpose, ...Object.values(accelerators).flatMap(({ machines }) => machines as readonly Machine[])].map((machine) => [
        machine.name,
        machine,
    ]),
);

/** What a machine type has; undefined for one that is not known. */
export const machineOf = (name: string): Machine | undefined => byName.get(name);

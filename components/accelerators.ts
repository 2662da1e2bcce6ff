import { closest } from "fastest-levenshtein";

import { accelerators, type Accelerator, type CapacityKind } from "./accelerator-table";
import { machineOf, n1Machines } from "./machine-types";

/** GKE's name of an accelerator. */
export type AcceleratorName = keyof typeof accelerators;
export const acceleratorNames = Object.keys(accelerators) as [AcceleratorName, ...AcceleratorName[]];

/** What is documented of an accelerator. */
export const acceleratorOf = (name: AcceleratorName): Accelerator => accelerators[name];

/** How many GPUs of this kind one node may have, in ascending order. */
export function countsOf(name: AcceleratorName): readonly number[] {
    const { machines, attachments } = acceleratorOf(name);
    return [...new Set([...machines, ...attachments].map(({ gpus }) => gpus))].sort((one, other) => one - other);
}

/** The machine types that carry exactly this many GPUs of this kind, the smallest first; none where there is no such combination. */
export function machineTypesFor(name: AcceleratorName, gpus: number): readonly string[] {
    const { machines, attachments } = acceleratorOf(name);
    const attachment = attachments.find((candidate) => candidate.gpus === gpus);
    const attachable =
        attachment === undefined
            ? []
            : n1Machines.filter((machine) => machine.vcpus <= attachment.maxVcpus && machine.memoryGib <= attachment.maxMemoryGib);
    return [...machines.filter((machine) => machine.gpus === gpus), ...attachable].map((machine) => machine.name);
}

/**
 * The machine type for this many GPUs when none is named: the smallest that carries them; where they are attached to N1, the standard one with four vCPUs a GPU,
 * as the smallest accelerator-optimized types have. Undefined where there is no such combination.
 */
export function defaultMachineType(name: AcceleratorName, gpus: number): string | undefined {
    const candidates = machineTypesFor(name, gpus);
    return candidates.find((candidate) => candidate === `n1-standard-${4 * gpus}`) ?? candidates[0];
}

/** The count nearest to `gpus` that a node may have. */
export const nearestCount = (name: AcceleratorName, gpus: number): number =>
    countsOf(name).reduce((best, candidate) => (Math.abs(candidate - gpus) < Math.abs(best - gpus) ? candidate : best));

/**
 * The machine type that carries exactly this many GPUs of this kind and is nearest to `machineType`: by vCPUs, then by memory, or by its name when it is not known.
 * Undefined where no machine type carries them.
 */
export function nearestMachineType(name: AcceleratorName, gpus: number, machineType: string): string | undefined {
    const candidates = machineTypesFor(name, gpus);
    const given = machineOf(machineType);
    if (given === undefined || candidates.length === 0) {
        return candidates.length === 0 ? undefined : closest(machineType, [...candidates]);
    }
    const distance = (candidate: string): readonly [number, number] => {
        const { vcpus = 0, memoryGib = 0 } = machineOf(candidate) ?? {};
        return [Math.abs(vcpus - given.vcpus), Math.abs(memoryGib - given.memoryGib)];
    };
    return candidates.reduce((best, candidate) => {
        const [[vcpus, memory], [bestVcpus, bestMemory]] = [distance(candidate), distance(best)];
        return vcpus < bestVcpus || (vcpus === bestVcpus && memory < bestMemory) ? candidate : best;
    });
}

/** How nodes of this machine type with this accelerator can be obtained. */
export function capacitiesOf(name: AcceleratorName, machineType: string): readonly CapacityKind[] {
    const { machines, capacity } = acceleratorOf(name);
    return machines.find((machine) => machine.name === machineType)?.capacity ?? capacity;
}

/** Local SSDs of a node: GB that are built in, and how many of 375 GB can be added. */
export interface LocalSsds {
    readonly builtInSsdGb: number;
    readonly addableSsds: number;
}

/** An N1 machine takes up to 24. Source: https://cloud.google.com/compute/docs/disks/local-ssd */
const n1LocalSsds: LocalSsds = { builtInSsdGb: 0, addableSsds: 24 };

/** The local SSDs of a node of this machine type with this accelerator. */
export const localSsdsOf = (name: AcceleratorName, machineType: string): LocalSsds =>
    acceleratorOf(name).machines.find((machine) => machine.name === machineType) ?? n1LocalSsds;

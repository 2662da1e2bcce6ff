import { accelerators } from "./accelerator-table";
import { n1LocalSsds, type Accelerator, type CapacityKind, type LocalSsds } from "./accelerators";
import { machineOf, n1Machines, type Machine } from "./machine-types";

/** GKE's name of an accelerator. */
export type AcceleratorName = keyof typeof accelerators;
export const acceleratorNames = Object.keys(accelerators) as [AcceleratorName, ...AcceleratorName[]];

/** The documented facts about an accelerator. */
export const acceleratorOf = (name: AcceleratorName): Accelerator => accelerators[name];

/** Whether an accelerator has this name. */
export const isAccelerator = (name: string): name is AcceleratorName => Object.hasOwn(accelerators, name);

/** Numbers of GPUs of this kind that one node can have, in ascending order. */
export function countsOf(name: AcceleratorName): readonly number[] {
    const { machines, attachments } = acceleratorOf(name);
    return [...new Set([...machines, ...attachments].map(({ gpus }) => gpus))].sort((one, other) => one - other);
}

const builtInMachine = (name: AcceleratorName, machineType: string) =>
    acceleratorOf(name).machines.find((machine) => machine.name === machineType);

/** Whether this many GPUs can be attached to an N1 machine of this size. */
function attaches(name: AcceleratorName, gpus: number, { vcpus, memoryGib }: Machine): boolean {
    const attachment = acceleratorOf(name).attachments.find((candidate) => candidate.gpus === gpus);
    return attachment !== undefined && vcpus <= attachment.maxVcpus && memoryGib <= attachment.maxMemoryGib;
}

/** The predefined machine types with exactly this many GPUs of this kind, the smallest first; empty if no type has them. */
export const machineTypesFor = (name: AcceleratorName, gpus: number): readonly string[] =>
    [
        ...acceleratorOf(name).machines.filter((machine) => machine.gpus === gpus),
        ...n1Machines.filter((n1) => attaches(name, gpus, n1)),
    ].map((machine) => machine.name);

/** Whether a machine type, predefined or custom, can have exactly this many GPUs of this kind. */
export function carries(name: AcceleratorName, gpus: number, machineType: string): boolean {
    const custom = /^(n1-)?custom-/.test(machineType) ? machineOf(machineType) : undefined;
    return machineTypesFor(name, gpus).includes(machineType) || (custom !== undefined && attaches(name, gpus, custom));
}

/**
 * The default machine type for this many GPUs: the smallest type with them. On N1, the standard type with four vCPUs per GPU, like the smallest
 * accelerator-optimized types. Undefined if no type has them.
 */
export function defaultMachineType(name: AcceleratorName, gpus: number): string | undefined {
    const candidates = machineTypesFor(name, gpus);
    return candidates.find((candidate) => candidate === `n1-standard-${4 * gpus}`) ?? candidates[0];
}

/** How nodes of this machine type with this accelerator can be obtained. */
export const capacitiesOf = (name: AcceleratorName, machineType: string): readonly CapacityKind[] =>
    builtInMachine(name, machineType)?.capacity ?? acceleratorOf(name).capacity;

/** The zones that have this machine type with this accelerator. */
export const acceleratorZones = (name: AcceleratorName, machineType: string): readonly string[] =>
    builtInMachine(name, machineType)?.zones ?? acceleratorOf(name).zones;

/** The local SSDs of a node of this machine type with this accelerator. */
export const localSsdsOf = (name: AcceleratorName, machineType: string): LocalSsds =>
    builtInMachine(name, machineType)?.localSsds ?? n1LocalSsds(name);

/** Number of partitions of this size on one GPU; undefined if the GPU has no such size. */
export const partitionsOf = (name: AcceleratorName, size: string): number | undefined => acceleratorOf(name).mig[size];

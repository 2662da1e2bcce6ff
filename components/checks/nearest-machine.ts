import { closest } from "fastest-levenshtein";

import { countsOf, machineTypesFor, type AcceleratorName } from "../../gke/gpu-machines";
import { machineOf } from "../../gke/machine-types";

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

import type { Machine } from "./machine-types";

/** What pods may request of a node, in the units of `quantities.ts`. */
export interface Allocatable {
    readonly cpuMillis: number;
    readonly memoryBytes: number;
}

/** Up to `limit`, this share of each unit is reserved. */
type Bracket = readonly [limit: number, share: number];

// Source of both: https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes#memory_and_cpu_reservations
const cpuBrackets: readonly Bracket[] = [
    [1, 0.06],
    [2, 0.01],
    [4, 0.005],
    [Infinity, 0.0025],
];
const memoryBrackets: readonly Bracket[] = [
    [4, 0.25],
    [8, 0.2],
    [16, 0.1],
    [128, 0.06],
    [Infinity, 0.02],
];

const mebibyte = 2 ** 20;
const gibibyte = 2 ** 30;
const evictionThreshold = 100 * mebibyte;

const reserved = (capacity: number, brackets: readonly Bracket[]): number =>
    brackets.reduce((sum, [limit, share], index) => {
        const floor = brackets[index - 1]?.[0] ?? 0;
        return sum + share * Math.max(0, Math.min(capacity, limit) - floor);
    }, 0);

/**
 * Memory that the Linux kernel keeps before Kubernetes sees any: a 64th, 16 MiB, and 64 MiB of I/O buffers on machines above 3 GiB.
 * Source: GKE's autoscaler, https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/gce/reserved.go
 */
const kernelReserved = (bytes: number): number => Math.floor(bytes / 64) + 16 * mebibyte + (bytes > 3 * gibibyte ? 64 * mebibyte : 0);

/** CPU and memory that GKE leaves to pods on a node of this machine type; DaemonSets take their share of it. */
export function allocatable({ vcpus, memoryGib }: Machine): Allocatable {
    const bytes = memoryGib * gibibyte;
    return {
        cpuMillis: Math.floor(1000 * (vcpus - reserved(vcpus, cpuBrackets))),
        memoryBytes: Math.floor(bytes - kernelReserved(bytes) - gibibyte * reserved(memoryGib, memoryBrackets) - evictionThreshold),
    };
}

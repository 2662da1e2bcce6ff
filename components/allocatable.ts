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

/** CPU and memory that GKE leaves to all pods of a node of this machine type, its own DaemonSets' included. */
export function allocatable({ vcpus, memoryGib }: Machine): Allocatable {
    const bytes = memoryGib * gibibyte;
    return {
        cpuMillis: Math.floor(1000 * (vcpus - reserved(vcpus, cpuBrackets))),
        memoryBytes: Math.floor(bytes - kernelReserved(bytes) - gibibyte * reserved(memoryGib, memoryBrackets) - evictionThreshold),
    };
}

/**
 * What GKE's own pods request on a GPU node of a cluster like this stack's, rounded up, as a pod that needs all of `allocatable` waits for ever. Google documents no
 * figures; these were listed on clusters: Dataplane V2 205m, logging 105m and 230 Mi, metadata server 100m and 100 Mi, DCGM 100m, GPU device plugin 150m and 80 Mi,
 * metrics agent 21m and 145 Mi, network and disk drivers 28m and 101 Mi, Prometheus collector 5m.
 * Source: `kubectl describe node` in https://github.com/cryptnono/cryptnono/issues/34 (GKE 1.29), and `kubectl get daemonsets` of GPU clusters
 */
const systemPods: Allocatable = { cpuMillis: 750, memoryBytes: gibibyte };

/** CPU and memory that a GPU node of this machine type leaves to the stack's pods; 0 on the smallest, which GKE's own pods fill. */
export function leftToPods(machine: Machine): Allocatable {
    const { cpuMillis, memoryBytes } = allocatable(machine);
    return {
        cpuMillis: Math.max(0, cpuMillis - systemPods.cpuMillis),
        memoryBytes: Math.max(0, memoryBytes - systemPods.memoryBytes),
    };
}

import { sharesCores, type Machine } from "./machine-types";
import { EVICTION_BYTES, kernelBytes, reservedCpuMillis, reservedMemoryBytes } from "./reserved";

/** CPU and memory that pods can request on a node. */
export interface Allocatable {
    /** Thousandths of a core. */
    readonly cpuMillis: number;
    readonly memoryBytes: number;
}

const GIBIBYTE = 2 ** 30;

/** CPU and memory of a node of this machine type for all pods, including GKE's DaemonSets. */
export function allocatable({ name, vcpus, memoryGib }: Machine): Allocatable {
    const bytes = memoryGib * GIBIBYTE;
    return {
        cpuMillis: Math.floor(1000 * vcpus - reservedCpuMillis(vcpus, sharesCores(name))),
        memoryBytes: Math.floor(bytes - kernelBytes(bytes) - reservedMemoryBytes(memoryGib) - EVICTION_BYTES),
    };
}

/**
 * Requests of GKE's own pods on a GPU node of a cluster like this stack's, rounded up. Because of them, a pod that requests all of `allocatable` never starts. Google does
 * not document the values. Measured on clusters: Dataplane V2 205m, logging 105m and 230 Mi, metadata server 100m and 100 Mi, DCGM 100m, GPU device plugin 150m and
 * 80 Mi, metrics agent 21m and 145 Mi, network and disk drivers 28m and 101 Mi, Prometheus collector 5m.
 * Source: `kubectl describe node` in https://github.com/cryptnono/cryptnono/issues/34 (GKE 1.29), and `kubectl get daemonsets` of GPU clusters
 */
const SYSTEM_PODS: Allocatable = { cpuMillis: 750, memoryBytes: GIBIBYTE };

/** CPU and memory of a GPU node of this machine type for the stack's pods; 0 on the smallest types, because GKE's pods use everything. */
export function leftToPods(machine: Machine): Allocatable {
    const { cpuMillis, memoryBytes } = allocatable(machine);
    return {
        cpuMillis: Math.max(0, cpuMillis - SYSTEM_PODS.cpuMillis),
        memoryBytes: Math.max(0, memoryBytes - SYSTEM_PODS.memoryBytes),
    };
}

/** Share of each unit that is reserved, up to `limit`. */
type Bracket = readonly [limit: number, share: number];

// Source of both: https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes#memory_and_cpu_reservations
const CPU_BRACKETS: readonly Bracket[] = [
    [1, 0.06],
    [2, 0.01],
    [4, 0.005],
    [Infinity, 0.0025],
];
const MEMORY_BRACKETS: readonly Bracket[] = [
    [4, 0.25],
    [8, 0.2],
    [16, 0.1],
    [128, 0.06],
    [Infinity, 0.02],
];

const MEBIBYTE = 2 ** 20;
const GIBIBYTE = 2 ** 30;

/** Memory that the kubelet keeps free by evicting pods. Source: as above. */
export const EVICTION_BYTES = 100 * MEBIBYTE;

const reserved = (capacity: number, brackets: readonly Bracket[]): number =>
    brackets.reduce((sum, [limit, share], index) => {
        const floor = brackets[index - 1]?.[0] ?? 0;
        return sum + share * Math.max(0, Math.min(capacity, limit) - floor);
    }, 0);

/** Thousandths of a core that GKE reserves on a node; a fixed number on machines with shared cores. Source: as above. */
export const reservedCpuMillis = (vcpus: number, sharedCores: boolean): number =>
    sharedCores ? 1060 : Math.round(1000 * reserved(vcpus, CPU_BRACKETS));

/** Bytes that GKE reserves on a node. Source: as above. */
export const reservedMemoryBytes = (memoryGib: number): number =>
    memoryGib < 1 ? 255 * MEBIBYTE : GIBIBYTE * reserved(memoryGib, MEMORY_BRACKETS);

/**
 * Memory that the Linux kernel reserves and Kubernetes does not see: 1/64, 16 MiB, and 64 MiB of I/O buffers on machines above 3 GiB.
 * Source: GKE's autoscaler, https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/gce/reserved.go
 */
export const kernelBytes = (bytes: number): number => Math.floor(bytes / 64) + 16 * MEBIBYTE + (bytes > 3 * GIBIBYTE ? 64 * MEBIBYTE : 0);

/** The disks for a node's containers, images and logs. */
export interface NodeDisk {
    /** Boot disk in GB. GKE's default is 100. */
    readonly bootGb: number;
    /** Local SSDs that hold the node's ephemeral storage, and the size of one in GiB; 0 if the boot disk holds it. */
    readonly localSsds: number;
    readonly ssdGib: number;
}

/**
 * Bytes of a boot disk that Container-Optimized OS reserves.
 * Source: GKE's autoscaler, https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/cloudprovider/gce/reserved.go
 */
const osBytes = (disk: number): number => 0.015635 * disk + 4.148 * GIBIBYTE + Math.min(100 * MEBIBYTE, 0.001 * disk);

/** Share of a local SSD that its file system reserves. Source: as above. */
const SSD_FILE_SYSTEM = 0.02;

/** Size of a node's ephemeral storage, as the node shows it. */
export function ephemeralBytes({ bootGb, localSsds, ssdGib }: NodeDisk): number {
    const [boot, ssds] = [bootGb * GIBIBYTE, localSsds * ssdGib * GIBIBYTE];
    return Math.floor(localSsds > 0 ? (1 - SSD_FILE_SYSTEM) * ssds : boot - osBytes(boot));
}

/**
 * Bytes of a node's ephemeral storage for pods. The kubelet evicts pods to keep 10 % free, and GKE reserves a part of a boot disk, or 50, 75 or 100 GiB with one, two or
 * more local SSDs. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes#ephemeral_storage_backed_by_boot_disk
 */
export function allocatableEphemeralBytes(disk: NodeDisk): number {
    const { bootGb, localSsds } = disk;
    const reservedGib = localSsds > 0 ? ([50, 75][localSsds - 1] ?? 100) : Math.min(0.5 * bootGb, 6 + 0.35 * bootGb, 100);
    return Math.floor(0.9 * ephemeralBytes(disk) - reservedGib * GIBIBYTE);
}

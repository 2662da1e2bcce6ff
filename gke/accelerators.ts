/** How a node is paid for and obtained. */
export type CapacityKind = "on-demand" | "spot" | "flex-start" | "reservation";

/** Processor architecture of a node, as in the platform of an image. */
export type Architecture = "amd64" | "arm64";

/** Local SSDs that a machine type has, or that can be added to it. Source: `LOCAL_SSD_SOURCE`. */
export interface LocalSsds {
    /** Built-in disks of the machine type; 0 if it has none. */
    readonly builtIn: number;
    /** Numbers of disks that can be added, in ascending order; empty if disks are built in. */
    readonly addable: readonly number[];
    /** Size of one disk in GiB. */
    readonly diskGib: number;
}

/** A machine type with its accelerators built in. */
export interface AcceleratorMachine {
    readonly name: string;
    /** GPUs in one machine. */
    readonly gpus: number;
    readonly vcpus: number;
    /** Memory in GiB. */
    readonly memoryGib: number;
    readonly localSsds: LocalSsds;
    /** Ways to obtain it. @default those of the accelerator's other machines */
    readonly capacity?: readonly CapacityKind[];
    /** Zones that offer it. @default those of the accelerator's other machines */
    readonly zones?: readonly string[];
}

/** The largest N1 machine for a number of attached GPUs: vCPUs, and memory in GiB. */
export interface N1Attachment {
    readonly gpus: number;
    readonly maxVcpus: number;
    readonly maxMemoryGib: number;
}

/** Documented facts of GKE and Compute Engine about one accelerator. */
export interface Accelerator {
    /** Memory of one GPU in GB. */
    readonly memoryGb: number;
    /** Machine types with it, smallest first; empty if it is attached to N1 machines. */
    readonly machines: readonly AcceleratorMachine[];
    /** Numbers of GPUs that can be attached to an N1 machine, and the largest machine for each; empty if machine types have it built in. */
    readonly attachments: readonly N1Attachment[];
    /** Partition size → number of partitions of one GPU, such as `1g.5gb` → 7; empty without MIG. Source: `MIG_SOURCE`. */
    readonly mig: Readonly<Record<string, number>>;
    /** How several pods may share one GPU. */
    readonly sharing: readonly ("time-sharing" | "mps")[];
    /** Ways to obtain its machines. */
    readonly capacity: readonly CapacityKind[];
    /** Zones that offer it. Source: `ZONE_SOURCE`. */
    readonly zones: readonly string[];
    readonly architecture: Architecture;
    /** Whether GKE's `default` driver, R535, is too old for the GPU. Source: `DRIVER_SOURCE`. */
    readonly needsLatestDriver: boolean;
    /** Day of its shutdown on Google Cloud, ISO 8601. Source: `SHUTDOWN_SOURCE`. */
    readonly shutdown?: string;
    /** The page that documents the machine types, their counts and how they are obtained. */
    readonly source: string;
}

/** Partition sizes that GKE's device plugin accepts, with the number of partitions. */
export const MIG_SOURCE = "https://github.com/GoogleCloudPlatform/container-engine-accelerators/blob/master/pkg/gpu/nvidia/mig/mig.go";

/** Zones by machine series. Google adds zones each month; add a missing zone to the accelerator's row. */
export const ZONE_SOURCE = "https://cloud.google.com/compute/docs/regions-zones/gpu-regions-zones";

/** Numbers of local SSDs that each machine type has or accepts. */
export const LOCAL_SSD_SOURCE = "https://cloud.google.com/compute/docs/disks/local-ssd#choose_number_local_ssds";

/** Drivers that GKE installs, and the oldest driver for each GPU: R570 for Blackwell, R550 for H200. */
export const DRIVER_SOURCE = "https://cloud.google.com/kubernetes-engine/docs/how-to/gpus#installing_drivers";

/** Shutdown dates of features. */
export const SHUTDOWN_SOURCE = "https://cloud.google.com/compute/docs/deprecations";

/** Machine types with GPUs, and how they are obtained. */
const GPU_MACHINE_TYPES = "https://cloud.google.com/compute/docs/gpus";

/** Size of a local SSD, except on A4X. */
const DISK_GIB = 375;

/** Local SSDs of an N1 machine, by the accelerator that is attached to it. */
export const n1LocalSsds = (name: string): LocalSsds => ({
    builtIn: 0,
    addable: [1, 2, 3, 4, 5, 6, 7, 8, 16, ...(name === "nvidia-tesla-t4" ? [] : [24])],
    diskGib: DISK_GIB,
});

/** A machine type with local SSDs built in. */
export const withSsds = (
    name: string,
    gpus: number,
    vcpus: number,
    memoryGib: number,
    builtIn: number,
    diskGib = DISK_GIB,
): AcceleratorMachine => ({ name, gpus, vcpus, memoryGib, localSsds: { builtIn, addable: [], diskGib } });

/** A machine type to which these numbers of local SSDs can be added. */
export const machine = (
    name: string,
    gpus: number,
    vcpus: number,
    memoryGib: number,
    ...addable: readonly number[]
): AcceleratorMachine => ({
    name,
    gpus,
    vcpus,
    memoryGib,
    localSsds: { builtIn: 0, addable, diskGib: DISK_GIB },
});

/** GPUs of an N1 machine, and the largest machine that accepts them. */
export const attachment = (gpus: number, maxVcpus: number, maxMemoryGib: number): N1Attachment => ({ gpus, maxVcpus, maxMemoryGib });

/** Values that most accelerators share. */
export const COMMON = {
    machines: [],
    attachments: [],
    mig: {},
    sharing: ["time-sharing", "mps"],
    capacity: ["on-demand", "spot", "flex-start", "reservation"],
    architecture: "amd64",
    needsLatestDriver: false,
    source: GPU_MACHINE_TYPES,
} as const;

/** Values that accelerators on N1 machines share. No page lists them for flex-start. */
export const ON_N1 = { ...COMMON, capacity: ["on-demand", "spot", "reservation"] } as const;

/** Expands zones that are written as a region and letters: `us-east4-ac us-east5-a` → us-east4-a, us-east4-c, us-east5-a. */
export const zonesIn = (list: string): readonly string[] =>
    list.split(/\s+/).flatMap((group) => {
        const end = group.lastIndexOf("-") + 1;
        return Array.from(group.slice(end), (letter) => `${group.slice(0, end)}${letter}`);
    });

import type { Allocatable } from "../../../gke/allocatable";
import type { ContainerSize } from "../../../k8s/gpu";
import { FUSE_SIDECAR, buckets } from "../../../k8s/volumes";
import type { StorageConfig } from "../../config/fields";
import type { Path } from "../../config/problem";
import type { Amounts } from "./packing";
import type { EgressConfig } from "../egress-config";
import { parseCpu, parseMemory } from "../quantities";

/** Pods of one kind that land on a GPU pool: what checks and placement ask of a service or a run. */
export interface Workload extends PodRequest {
    /** Key of one of its fields. */
    readonly at: (...path: Path) => string;
    /** How a message calls it. */
    readonly title: string;
    /** The pool's name. */
    readonly pool: string;
    /** How many pods there are at most. */
    readonly pods: number;
    readonly egress: readonly EgressConfig[];
    readonly variables: Readonly<Record<string, string>>;
    /** Why a variable cannot be set; undefined where it can. */
    readonly reserved: (variable: string) => string | undefined;
    /** How its pods get a secret. */
    readonly secretAdvice: string;
}

/** What one pod requests, all its containers together. */
export interface PodRequest extends Amount {
    readonly gpus: number;
    /** What of it GKE adds for the sidecar that mounts buckets. */
    readonly sidecar: Amount;
}

/** CPU, memory and ephemeral storage. */
export interface Amount extends Allocatable {
    readonly ephemeralBytes: number;
}

const amountOf = (size: ContainerSize): Amount => ({
    cpuMillis: parseCpu(size.cpu),
    memoryBytes: parseMemory(size.memory),
    ephemeralBytes: parseMemory(size.ephemeralStorage),
});

const NOTHING: Amount = { cpuMillis: 0, memoryBytes: 0, ephemeralBytes: 0 };

/** What a pod with one container of this size requests. */
export function podRequest(size: ContainerSize & { readonly gpus: number }, mounts: readonly (StorageConfig | undefined)[]): PodRequest {
    const sidecar = buckets(mounts).length === 0 ? NOTHING : amountOf(FUSE_SIDECAR);
    const container = amountOf(size);
    return {
        gpus: size.gpus,
        cpuMillis: container.cpuMillis + sidecar.cpuMillis,
        memoryBytes: container.memoryBytes + sidecar.memoryBytes,
        ephemeralBytes: container.ephemeralBytes + sidecar.ephemeralBytes,
        sidecar,
    };
}

/** A request, or what a node leaves to pods, as the amounts that are packed. */
export const sizeOf = ({ gpus, cpuMillis, memoryBytes, ephemeralBytes }: Amount & { readonly gpus: number }): Amounts => [
    gpus,
    cpuMillis,
    memoryBytes,
    ephemeralBytes,
];

/** The setting that decides a variable, as the reason why it cannot be set. */
export const takenFrom = (derived: Readonly<Record<string, string>>, variable: string): string | undefined =>
    Object.hasOwn(derived, variable) ? `is set by the stack, which takes it from ${derived[variable]}` : undefined;

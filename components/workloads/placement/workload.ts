import type { Allocatable } from "../../../gke/allocatable";
import type { ContainerSize } from "../../../k8s/gpu";
import { fuseSidecar } from "../../../k8s/volumes";
import type { StorageConfig } from "../../config/fields";
import type { Path } from "../../config/problem";
import type { Bounds } from "../deployments/bounds";
import type { Amounts } from "./packing";
import type { EgressConfig } from "../egress-config";
import { parseCpu, parseMemory } from "../../../gke/quantities";
import type { SecretConfig } from "../secrets-config";
import type { VolumeConfig } from "../volumes-config";

/** Pods on a GPU pool, with the facts that checks and placement read. */
export interface Workload extends PodRequest {
    /** Key of one of its fields. */
    readonly at: (...path: Path) => string;
    /** Its name in messages. */
    readonly title: string;
    /** The pool's name. */
    readonly pool: string;
    /** Name of the image in the stack file; empty for a component in another program, which gets the image itself. */
    readonly image: string;
    /** Maximum number of pods. */
    readonly pods: number;
    /** Settings of its Deployment; undefined for other workloads. */
    readonly deployed?: Deployed | undefined;
    /** Whether its pods run to completion, so that a queue can admit them. */
    readonly isRun: boolean;
    /** Whether a queue holds its pods back until its pool has nodes for all of them. */
    readonly queued: boolean;
    readonly egress: readonly EgressConfig[];
    readonly variables: Readonly<Record<string, string>>;
    /** Why a variable cannot be set; undefined if it can. */
    readonly reserved: (variable: string) => string | undefined;
    readonly secrets: readonly SecretConfig[];
    readonly volumes: readonly VolumeConfig[];
}

/** The settings of a Deployment that checks read. */
export interface Deployed {
    /** Kind in messages, such as `service`. Names are unique within a kind. */
    readonly kind: string;
    readonly name: string;
    readonly replicas?: number | undefined;
    readonly autoscaling?: Bounds | undefined;
    readonly memory: string;
    readonly sharedMemory?: string | undefined;
}

/** Total requests of one pod. */
export interface PodRequest extends Amount {
    readonly gpus: number;
    /** The part that GKE adds for the sidecar that mounts buckets. */
    readonly sidecar: Amount;
    /** The largest cache of a bucket, and the field that asks for it; caches count as storage of the sidecar. */
    readonly cached?: Cache | undefined;
}

interface Cache {
    readonly field: Path;
    readonly bytes: number;
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

/**
 * Requests of a pod with one container of this size.
 * @param fields storages that it mounts, by the field that names them
 * @param volumes further storages that it mounts
 */
export function podRequest(
    size: ContainerSize & { readonly gpus: number },
    fields: Readonly<Record<string, StorageConfig | undefined>>,
    volumes: readonly VolumeConfig[],
): PodRequest {
    const added = fuseSidecar([...Object.values(fields), ...volumes]);
    const sidecar = added === undefined ? NOTHING : amountOf(added);
    const caches = [
        ...Object.entries(fields).flatMap(([field, storage]) => cacheOf([field, "cache"], storage)),
        ...volumes.flatMap((volume, index) => cacheOf(["volumes", index, "cache"], volume)),
    ];
    const [cached] = caches.toSorted((one, other) => other.bytes - one.bytes);
    const container = amountOf(size);
    return {
        gpus: size.gpus,
        cpuMillis: container.cpuMillis + sidecar.cpuMillis,
        memoryBytes: container.memoryBytes + sidecar.memoryBytes,
        ephemeralBytes: container.ephemeralBytes + sidecar.ephemeralBytes,
        sidecar,
        cached,
    };
}

const cacheOf = (field: Path, storage: StorageConfig | undefined): readonly Cache[] =>
    storage !== undefined && "bucket" in storage && storage.cache !== undefined ? [{ field, bytes: parseMemory(storage.cache) }] : [];

/** A request, or the capacity of a node for pods, as the amounts that are packed. */
export const sizeOf = ({ gpus, cpuMillis, memoryBytes, ephemeralBytes }: Amount & { readonly gpus: number }): Amounts => [
    gpus,
    cpuMillis,
    memoryBytes,
    ephemeralBytes,
];

/** The reason why a derived variable cannot be set: the setting that decides it. */
export const takenFrom = (derived: Readonly<Record<string, string>>, variable: string): string | undefined =>
    Object.hasOwn(derived, variable) ? `is set by the stack, which takes it from ${derived[variable]}` : undefined;

/** The workloads of a pool outside the queue, which leaves capacity for their maximum number of pods. */
export const unqueuedOn = (pool: string, workloads: readonly Workload[]): readonly Workload[] =>
    workloads.filter((workload) => workload.pool === pool && !workload.queued);

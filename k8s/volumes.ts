import type { types } from "@pulumi/kubernetes";
import { formatBytes, parseMemory } from "../gke/quantities";
import type { ContainerSize } from "./gpu";
import { UID } from "./pod-security";

type Volume = types.input.core.v1.Volume;

/** Storage that outlives a pod: a Cloud Storage bucket mounted by GCS FUSE, or a PersistentVolumeClaim in the namespace. */
export type Storage = Bucket | { readonly claim: string };

interface Bucket {
    readonly bucket: string;
    /** Size of the cache on the node's disk, such as `40Gi`, of a bucket that is mounted read-only. @default no cache */
    readonly cache?: string | undefined;
}

/**
 * The volume for a storage, read-only if the pod must not write.
 * @param options further options of Cloud Storage FUSE, for a bucket
 */
export function storageVolume(name: string, storage: Storage, readOnly: boolean, options: readonly string[] = []): Volume {
    if ("claim" in storage) {
        return { name, persistentVolumeClaim: { claimName: storage.claim, readOnly } };
    }
    // A bucket has neither owners nor folders, so the mount sets both. https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-storage-fuse-csi-driver-ephemeral
    const mountOptions = ["implicit-dirs", `uid=${UID}`, `gid=${UID}`, ...cacheOptions(storage), ...options].join(",");
    return {
        name,
        csi: { driver: "gcsfuse.csi.storage.gke.io", readOnly, volumeAttributes: { bucketName: storage.bucket, mountOptions } },
    };
}

/** A storage at a folder of the container. */
export type MountedStorage = Storage & { readonly path: string; readonly readOnly: boolean };

/** The volume for a storage, and its mount. */
export const mounted = (name: string, path: string, storage: Storage, readOnly: boolean) => ({
    volume: storageVolume(name, storage, readOnly),
    mount: { name, mountPath: path, readOnly },
});

/** The volumes for storages, and their mounts. Each volume is named by its index. */
export const mountedAt = (storages: readonly MountedStorage[]) =>
    storages.map((storage, index) => mounted(`volume-${index}`, storage.path, storage, storage.readOnly));

/**
 * Google's recommendations for reading models and data: a file cache, parallel downloads of large files, and cached metadata. A pod therefore does not
 * see changes in the bucket after it has read a file.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-storage-fuse-csi-driver-perf
 */
const cacheOptions = ({ cache }: Bucket): string[] =>
    cache === undefined
        ? []
        : [
              `file-cache:max-size-mb:${Math.ceil(parseMemory(cache) / 2 ** 20)}`,
              // Files in the safetensors format are not read from the beginning.
              "file-cache:cache-file-for-range-read:true",
              "file-cache:enable-parallel-downloads:true",
              "metadata-cache:ttl-secs:-1",
              "metadata-cache:stat-cache-max-size-mb:-1",
              "metadata-cache:type-cache-max-size-mb:-1",
              "file-system:kernel-list-cache-ttl-secs:-1",
              "read_ahead_kb=1024",
          ];

/**
 * Default requests of GKE's Cloud Storage FUSE sidecar in a pod that mounts a bucket.
 * Source: https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-storage-fuse-csi-driver-sidecar
 */
export const FUSE_SIDECAR = { cpu: "250m", memory: "256Mi", ephemeralStorage: "5Gi" };

/** Requests of the sidecar if a bucket has a cache: parallel downloads need CPU and memory, and the cache adds to its ephemeral storage. */
const CACHING_SIDECAR = { cpu: "1", memory: "1Gi" };

/** Requests of the sidecar in a pod with these storages; undefined if the pod mounts no bucket. */
export function fuseSidecar(storages: readonly (Storage | undefined)[]): ContainerSize | undefined {
    const mounted = bucketsOf(storages);
    const cached = mounted.reduce((sum, { cache }) => sum + (cache === undefined ? 0 : parseMemory(cache)), 0);
    if (cached === 0) {
        return mounted.length === 0 ? undefined : FUSE_SIDECAR;
    }
    return { ...CACHING_SIDECAR, ephemeralStorage: formatBytes(parseMemory(FUSE_SIDECAR.ephemeralStorage) + cached) };
}

/** Annotations that a pod with these storages needs: GKE injects the GCS FUSE sidecar only into pods that request it, and sizes it by these annotations. */
export function storageAnnotations(storages: readonly (Storage | undefined)[]): Record<string, string> {
    const sidecar = fuseSidecar(storages);
    if (sidecar === undefined) {
        return {};
    }
    const volumes = { "gke-gcsfuse/volumes": "true" };
    if (sidecar === FUSE_SIDECAR) {
        return volumes;
    }
    return {
        ...volumes,
        // 0 means no limit, which Google recommends: the sidecar may use free capacity of the node.
        ...{ "gke-gcsfuse/cpu-request": sidecar.cpu, "gke-gcsfuse/cpu-limit": "0" },
        ...{ "gke-gcsfuse/memory-request": sidecar.memory, "gke-gcsfuse/memory-limit": "0" },
        "gke-gcsfuse/ephemeral-storage-request": sidecar.ephemeralStorage,
        "gke-gcsfuse/ephemeral-storage-limit": sidecar.ephemeralStorage,
    };
}

const bucketsOf = (storages: readonly (Storage | undefined)[]): Bucket[] =>
    storages.flatMap((storage) => (storage !== undefined && "bucket" in storage ? [storage] : []));

/** Names of the buckets among these storages. */
export const buckets = (storages: readonly (Storage | undefined)[]): string[] => bucketsOf(storages).map(({ bucket }) => bucket);

/** Names of the buckets that a pod reads, and of those that it reads and writes, each once. */
export function bucketAccess(storages: {
    readonly reads: readonly (Storage | undefined)[];
    readonly writes?: readonly Storage[];
    readonly volumes: readonly MountedStorage[];
}) {
    const [read, written] = [true, false].map((readOnly) => storages.volumes.filter((volume) => volume.readOnly === readOnly));
    return {
        reads: [...new Set(buckets([...storages.reads, ...(read ?? [])]))],
        writes: [...new Set(buckets([...(storages.writes ?? []), ...(written ?? [])]))],
    };
}

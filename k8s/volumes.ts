import type { types } from "@pulumi/kubernetes";
import { UID } from "./pod-security";

type Volume = types.input.core.v1.Volume;

/** Where files outlive a pod: a Cloud Storage bucket mounted by GCS FUSE, or a PersistentVolumeClaim that exists in the namespace. */
export type Storage = { readonly bucket: string } | { readonly claim: string };

/**
 * The volume for a storage, read-only where the pod must not write.
 * @param options further options of Cloud Storage FUSE, where it is a bucket
 */
export function storageVolume(name: string, storage: Storage, readOnly: boolean, options: readonly string[] = []): Volume {
    if ("claim" in storage) {
        return { name, persistentVolumeClaim: { claimName: storage.claim, readOnly } };
    }
    // A bucket has neither owners nor folders: both are given at the mount. https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-storage-fuse-csi-driver-ephemeral
    const mountOptions = ["implicit-dirs", `uid=${UID}`, `gid=${UID}`, ...options].join(",");
    return {
        name,
        csi: { driver: "gcsfuse.csi.storage.gke.io", readOnly, volumeAttributes: { bucketName: storage.bucket, mountOptions } },
    };
}

/**
 * What GKE's sidecar for Cloud Storage FUSE requests in a pod that mounts a bucket, where no annotation says otherwise.
 * Source: https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-storage-fuse-csi-driver-sidecar
 */
export const FUSE_SIDECAR = { cpu: "250m", memory: "256Mi", ephemeralStorage: "5Gi" };

/** Annotations that a pod with these storages needs: GKE puts the GCS FUSE sidecar only into pods that ask for it. */
export function storageAnnotations(storages: readonly (Storage | undefined)[]): Record<string, string> {
    return storages.some((s) => s !== undefined && "bucket" in s) ? { "gke-gcsfuse/volumes": "true" } : {};
}

/** The buckets among these storages. */
export function buckets(storages: readonly (Storage | undefined)[]): string[] {
    return storages.flatMap((s) => (s !== undefined && "bucket" in s ? [s.bucket] : []));
}

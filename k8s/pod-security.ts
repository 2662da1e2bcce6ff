import type { types } from "@pulumi/kubernetes";

/** User and group of every image of this stack (`docker/*`). */
export const UID = 1000;

/** Pod settings that the Pod Security Standard `restricted` requires, with the user of the images. */
export const POD_SECURITY: Readonly<types.input.core.v1.PodSecurityContext> = {
    runAsNonRoot: true,
    runAsUser: UID,
    runAsGroup: UID,
    fsGroup: UID,
    // Changing the owner of every file of a large checkpoint volume at each start takes minutes; it is skipped if the volume's root has the right owner.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
};

/** Container settings that `restricted` requires, with a read-only root file system. */
export const CONTAINER_SECURITY: Readonly<types.input.core.v1.SecurityContext> = {
    allowPrivilegeEscalation: false,
    capabilities: { drop: ["ALL"] },
    readOnlyRootFilesystem: true,
};

/** Labels that make a namespace refuse any pod below `restricted`, and warn at `kubectl apply`. */
export const RESTRICTED_NAMESPACE: Readonly<Record<string, string>> = {
    "pod-security.kubernetes.io/enforce": "restricted",
    "pod-security.kubernetes.io/enforce-version": "latest",
    "pod-security.kubernetes.io/warn": "restricted",
    "pod-security.kubernetes.io/audit": "restricted",
};

/**
 * The writable `/tmp` that a read-only root needs, on the node's disk. `size` is the container's request for ephemeral storage: the kubelet evicts
 * a pod that writes more. https://kubernetes.io/docs/concepts/storage/ephemeral-storage/
 */
export function tmp(size: string) {
    return { volume: { name: "tmp", emptyDir: { sizeLimit: size } }, mount: { name: "tmp", mountPath: "/tmp" } };
}

/** `/dev/shm` of a size, such as `8Gi`, in memory: the container runtime's own has 64 MiB. Its content counts against the container's memory limit. */
export function sharedMemory(size: string) {
    return { volume: { name: "shm", emptyDir: { medium: "Memory", sizeLimit: size } }, mount: { name: "shm", mountPath: "/dev/shm" } };
}

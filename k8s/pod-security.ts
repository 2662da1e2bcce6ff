import type { types } from "@pulumi/kubernetes";

/** User and group of every image of this stack (`docker/*`). */
export const UID = 1000;

/** What the Pod Security Standard `restricted` asks of a pod, and the image's user. */
export const POD_SECURITY: Readonly<types.input.core.v1.PodSecurityContext> = {
    runAsNonRoot: true,
    runAsUser: UID,
    runAsGroup: UID,
    fsGroup: UID,
    // Changing the owner of every file of a large checkpoint volume at each start takes minutes; the root's owner tells whether it is needed.
    fsGroupChangePolicy: "OnRootMismatch",
    seccompProfile: { type: "RuntimeDefault" },
};

/** What `restricted` asks of a container, and a root file system that cannot be written. */
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

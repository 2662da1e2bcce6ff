/** Options of `docker run` that match how every image runs on Kubernetes. Containers run as the image's user, uid 1000. */
export const HARDENED = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"] as const;

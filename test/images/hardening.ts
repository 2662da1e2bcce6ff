/** How every image runs on Kubernetes, in options of `docker run`. The images' own user is used: uid 1000. */
export const HARDENED = ["--read-only", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"] as const;

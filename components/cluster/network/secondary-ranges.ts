/** Names of a subnet's secondary ranges, by which a cluster refers to them. */
export const SECONDARY_RANGES = { pods: "pods", services: "services" } as const;

/** Names of a subnet's secondary ranges. A cluster refers to them. */
export const SECONDARY_RANGES = { pods: "pods", services: "services" } as const;

import type { PoolConfig } from "./config";

/**
 * Fields of a GPU pool in the stack file whose change replaces its node pool: the new one is made first, then the old one's nodes are drained and go. A change of
 * any other field keeps the node pool; GKE may still remake its nodes, one after the other (`machineType`, `diskSizeGb`).
 *
 * Source: the properties of `gcp:container/nodePool:NodePool` that the provider's schema marks as replacing.
 * https://www.pulumi.com/registry/packages/gcp/api-docs/container/nodepool
 */
export const REPLACING_POOL_FIELDS: readonly (keyof PoolConfig)[] = [
    "name",
    "accelerator",
    "acceleratorCount",
    "capacity",
    "queuedProvisioning",
    "sharing",
    "mig",
    "driver",
    "localSsds",
    "compactPlacement",
    "secondaryBootDisk",
];

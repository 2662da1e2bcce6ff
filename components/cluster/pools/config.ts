import { z } from "zod";

import type { CapacityKind } from "../../../gke/accelerators";
import { acceleratorNames, acceleratorZones, defaultMachineType, type AcceleratorName } from "../../../gke/gpu-machines";
import { regionOf } from "../../../gke/zones";
import { count, positive, resourceName, type DeepReadonly } from "../../config/fields";

const capacitySchema = z.union(
    [
        z.enum(["on-demand", "spot", "flex-start"]),
        z.strictObject({
            reservation: z.string().min(1).describe("Name of the reservation"),
        }),
    ],
    { error: "must be on-demand, spot, flex-start or { reservation: name }" },
);
/** How the nodes of a pool are paid for and obtained. */
export type Capacity = DeepReadonly<z.output<typeof capacitySchema>>;

/** Name of a capacity's kind. */
export const capacityKind = (capacity: Capacity): CapacityKind => (typeof capacity === "string" ? capacity : "reservation");

/** Where the nodes of a pool come from, in the order of preference. */
export const sourcesOf = (capacity: Capacity | readonly Capacity[]): readonly Capacity[] => [capacity].flat();

/** A GPU pool of the cluster. */
export const poolSchema = z.strictObject({
    name: resourceName.describe("Name of the pool, which workloads refer to").meta({ examples: ["gpu"] }),
    accelerator: z
        .enum(acceleratorNames)
        .describe("GKE's name of the accelerator")
        .meta({ examples: ["nvidia-l4"] }),
    acceleratorCount: positive.default(1).describe("GPUs per node"),
    machineType: z.string().optional().describe("Machine type of the nodes; default: the smallest with these GPUs"),
    capacity: z
        .union([capacitySchema, z.array(capacitySchema).min(1)], {
            error: "must be on-demand, spot, flex-start, { reservation: name }, or a list of these",
        })
        .default("on-demand")
        .describe("Source of the nodes: on-demand, spot, flex-start or { reservation }; a list is tried in order"),
    queuedProvisioning: z
        .boolean()
        .default(false)
        .describe(
            "Provision all nodes of a run at once, and only for runs with a queue (flex-start with queued provisioning); requires capacity flex-start",
        ),
    minNodes: count.default(0).describe("Minimum number of nodes, across all zones"),
    maxNodes: positive.describe("Maximum number of nodes, across all zones").meta({ examples: [1] }),
    zones: z
        .array(z.string())
        .default([])
        .describe("Zones of the nodes; default: the zones of the cluster's location that have the machine type"),
    sharing: z
        .strictObject({
            strategy: z
                .enum(["time-sharing", "mps"])
                .describe("Time-slicing or NVIDIA MPS")
                .meta({ examples: ["time-sharing"] }),
            clients: z
                .int()
                .min(2)
                .max(48)
                .describe("Pods that share one GPU (or one MIG partition)")
                .meta({ examples: [2] }),
        })
        .optional()
        .describe("Share each GPU among several pods"),
    mig: z.string().optional().describe("Size of the MIG partitions of each GPU, such as 1g.10gb"),
    driver: z.enum(["default", "latest", "disabled"]).default("latest").describe("Driver that GKE installs"),
    diskSizeGb: z.int().min(10).max(65_536).default(100).describe("Size of the boot disk in GB"),
    localSsds: count
        .optional()
        .describe("Local SSDs (375 GB each) for the node's ephemeral storage; machine types with built-in SSDs need none"),
    compactPlacement: z.boolean().default(false).describe("Place nodes close to each other, for low latency between them"),
    secondaryBootDisk: z.string().optional().describe("Full name of a disk image with preloaded container images"),
    upgrade: z
        .strictObject({
            strategy: z
                .enum(["surge", "blue-green"])
                .default("surge")
                .describe("surge replaces nodes one by one; blue-green creates a second set of nodes first"),
            maxSurge: count.max(20).default(0).describe("Additional nodes during a surge upgrade"),
            maxUnavailable: count.max(20).default(1).describe("Nodes that may be unavailable during a surge upgrade"),
        })
        .prefault({})
        .describe("Upgrade strategy; the default needs no GPUs beyond those of the pool"),
});

/** The zones of a location (a region or one zone) that offer the machine type; empty if none does. */
const offeredZones = (accelerator: AcceleratorName, machineType: string, location: string): readonly string[] =>
    acceleratorZones(accelerator, machineType).filter((zone) => zone === location || regionOf(zone) === location);

/**
 * A pool's settings with the defaults from the accelerator table.
 * @param location region or zone of the cluster
 */
export const resolvePool = ({ machineType, capacity, ...pool }: z.output<typeof poolSchema>, location: string) => {
    /** Valid if the check of accelerator and machine type passes; otherwise the given type, or an empty text. */
    const type = machineType ?? defaultMachineType(pool.accelerator, pool.acceleratorCount) ?? "";
    return {
        ...pool,
        machineType: type,
        capacity: sourcesOf(capacity),
        zones: pool.zones.length > 0 ? pool.zones : offeredZones(pool.accelerator, type, location),
    };
};
export type PoolConfig = DeepReadonly<ReturnType<typeof resolvePool>>;

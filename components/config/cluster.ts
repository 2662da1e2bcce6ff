import { z } from "zod";

import type { CapacityKind } from "../accelerator-table";
import { acceleratorNames, defaultMachineType } from "../accelerators";
import { count, ipRange, positive, resourceName, type DeepReadonly, type Site } from "./fields";

const capacitySchema = z.union(
    [
        z.enum(["on-demand", "spot", "flex-start"]),
        z.strictObject({
            /** Name of the reservation. */
            reservation: z.string().min(1),
        }),
    ],
    { error: "must be on-demand, spot, flex-start or { reservation: name }" },
);
/** How the nodes of a pool are paid for and obtained. */
export type Capacity = DeepReadonly<z.output<typeof capacitySchema>>;

/** Name of a capacity's kind. */
export const capacityKind = (capacity: Capacity): CapacityKind => (typeof capacity === "string" ? capacity : "reservation");

const poolSchema = z.strictObject({
    /** Name of the pool; workloads refer to it. */
    name: resourceName.describe("Name of the pool; workloads refer to it").meta({ examples: ["gpu"] }),
    /** GKE's name of the accelerator. */
    accelerator: z
        .enum(acceleratorNames)
        .describe("GKE's name of the accelerator")
        .meta({ examples: ["nvidia-l4"] }),
    /** GPUs of a node. */
    acceleratorCount: positive.default(1).describe("GPUs of a node"),
    /** Machine type of a node. @default the smallest that carries these GPUs */
    machineType: z.string().optional().describe("Machine type of a node; default: the smallest that carries these GPUs"),
    /** Where nodes come from; a list is tried in its order. */
    capacity: z
        .union([capacitySchema, z.array(capacitySchema).min(1)], {
            error: "must be on-demand, spot, flex-start, { reservation: name }, or a list of these",
        })
        .default("on-demand")
        .describe("Where nodes come from: on-demand, spot, flex-start or { reservation }; a list is tried in its order"),
    /** Least nodes, over all zones. */
    minNodes: count.default(0).describe("Least nodes, over all zones"),
    /** Most nodes, over all zones. */
    maxNodes: positive.describe("Most nodes, over all zones").meta({ examples: [1] }),
    /** Zones of the nodes. @default the zones of the cluster */
    zones: z.array(z.string()).default([]).describe("Zones of the nodes; default: the zones of the cluster"),
    /** Several pods share one GPU. */
    sharing: z
        .strictObject({
            /** Time-slicing or NVIDIA MPS. */
            strategy: z
                .enum(["time-sharing", "mps"])
                .describe("Time-slicing or NVIDIA MPS")
                .meta({ examples: ["time-sharing"] }),
            /** Pods that share one GPU (or one MIG partition). */
            clients: z
                .int()
                .min(2)
                .max(48)
                .describe("Pods that share one GPU (or one MIG partition)")
                .meta({ examples: [2] }),
        })
        .optional()
        .describe("Several pods share one GPU"),
    /** Size of the MIG partitions that each GPU is cut into, such as `1g.10gb`. */
    mig: z.string().optional().describe("Size of the MIG partitions that each GPU is cut into, such as 1g.10gb"),
    /** Driver that GKE installs. */
    driver: z.enum(["default", "latest", "disabled"]).default("default").describe("Driver that GKE installs"),
    /** Size of the boot disk in GB. */
    diskSizeGb: z.int().min(10).max(65_536).default(100).describe("Size of the boot disk in GB"),
    /** Local SSDs (375 GB each) as the node's ephemeral storage; machine types with built-in ones need none. */
    localSsds: count
        .optional()
        .describe("Local SSDs (375 GB each) as the node's ephemeral storage; machine types with built-in ones need none"),
    /** Nodes are placed close to each other (low latency between them). */
    compactPlacement: z.boolean().default(false).describe("Nodes are placed close to each other (low latency between them)"),
    /** Full name of a disk image with preloaded container images. */
    secondaryBootDisk: z.string().optional().describe("Full name of a disk image with preloaded container images"),
    /** How nodes are upgraded. */
    upgrade: z
        .strictObject({
            /** `surge` replaces node by node, `blue-green` brings up a second set first. */
            strategy: z
                .enum(["surge", "blue-green"])
                .default("surge")
                .describe("surge replaces node by node, blue-green brings up a second set first"),
            /** Nodes more than asked for during a surge upgrade. */
            maxSurge: count.default(0).describe("Nodes more than asked for during a surge upgrade"),
            /** Nodes fewer than asked for during a surge upgrade. */
            maxUnavailable: count.default(1).describe("Nodes fewer than asked for during a surge upgrade"),
        })
        .prefault({})
        .describe("How nodes are upgraded; the default needs no GPU beyond those of the pool"),
});

export const clusterSchema = z.strictObject({
    /** Name of the cluster. */
    name: resourceName.default("ml").describe("Name of the cluster"),
    /** Region or zone of the control plane. @default the stack's region */
    location: z.string().optional().describe("Region or zone of the control plane; default: gcp:region"),
    /** The cluster exists already: only its node pools and workloads are made. */
    existing: z.boolean().default(false).describe("The cluster exists already: only its node pools and workloads are made"),
    /** Address ranges of the cluster's own network. */
    network: z
        .strictObject({
            /** Range of the nodes. */
            nodes: ipRange.default("10.0.0.0/20").describe("Range of the nodes"),
            /** Range of the pods. */
            pods: ipRange.default("10.4.0.0/14").describe("Range of the pods"),
            /** Range of the Services. */
            services: ipRange.default("10.8.0.0/20").describe("Range of the Services"),
            /** Range of the control plane, a /28. */
            controlPlane: ipRange.default("172.16.0.0/28").describe("Range of the control plane, a /28"),
        })
        .prefault({})
        .describe("Address ranges of the cluster's own network"),
    /** The control plane answers on a public address, for the authorized networks only. */
    publicEndpoint: z.boolean().default(false).describe("The control plane answers on a public address, for the authorized networks only"),
    /** Networks that may reach the control plane. */
    authorizedNetworks: z
        .array(
            z.strictObject({
                /** What the network is. */
                name: z
                    .string()
                    .describe("What the network is")
                    .meta({ examples: ["office"] }),
                /** Its range. */
                cidr: ipRange.describe("Its range").meta({ examples: ["203.0.113.0/24"] }),
            }),
        )
        .default([])
        .describe("Networks that may reach the control plane"),
    /** Release channel that upgrades come from. */
    releaseChannel: z
        .enum(["RAPID", "REGULAR", "STABLE", "EXTENDED"])
        .default("REGULAR")
        .describe("Release channel that upgrades come from"),
    /** Weekly window of upgrades. */
    maintenance: z
        .strictObject({
            /** Start of the first window, ISO 8601. */
            start: z.iso
                .datetime("must be a time such as 2026-01-03T02:00:00Z")
                .default("2026-01-03T02:00:00Z")
                .describe("Start of the first window, ISO 8601"),
            /** Hours of a window; GKE wants at least 4, and 48 in 32 days. */
            hours: z.int().min(4).max(24).default(8).describe("Hours of a window; GKE wants at least 48 in 32 days"),
            /** When it recurs, RFC 5545. */
            recurrence: z.string().default("FREQ=WEEKLY;BYDAY=SA,SU").describe("When it recurs, RFC 5545"),
            /** Times without upgrades. */
            exclusions: z
                .array(
                    z.strictObject({
                        /** Why. */
                        name: z.string().describe("Why"),
                        /** First moment. */
                        start: z.iso.datetime("must be a time such as 2026-01-03T02:00:00Z").describe("First moment, ISO 8601"),
                        /** Last moment. */
                        end: z.iso.datetime("must be a time such as 2026-01-03T02:00:00Z").describe("Last moment, ISO 8601"),
                    }),
                )
                .default([])
                .describe("Times without upgrades"),
        })
        .prefault({})
        .describe("Window of upgrades, and times without any"),
    /** Google Cloud refuses to delete the cluster. @default true in prod */
    deletionProtection: z.boolean().optional().describe("Google Cloud refuses to delete the cluster; default: true in prod"),
    /** The CPU pool of the system's own pods. */
    systemPool: z
        .strictObject({
            /** Machine type of a node. */
            machineType: z.string().default("e2-standard-4").describe("Machine type of a node"),
            /** Least nodes, over all zones. */
            minNodes: positive.default(1).describe("Least nodes, over all zones"),
            /** Most nodes, over all zones. */
            maxNodes: positive.default(3).describe("Most nodes, over all zones"),
            /** Nodes are spot VMs. */
            spot: z.boolean().default(false).describe("Nodes are spot VMs"),
        })
        .prefault({})
        .describe("The CPU pool of the system's own pods"),
    /** The GPU pools. */
    pools: z.array(poolSchema).default([]).describe("The GPU pools"),
});

const resolvePool = ({ machineType, capacity, ...pool }: z.output<typeof poolSchema>) => ({
    ...pool,
    /** Known when the check of accelerator and machine type holds; what was given, or nothing fitting, otherwise. */
    machineType: machineType ?? defaultMachineType(pool.accelerator, pool.acceleratorCount) ?? "",
    /** In the order of preference. */
    capacity: Array.isArray(capacity) ? capacity : [capacity],
});
export type PoolConfig = DeepReadonly<ReturnType<typeof resolvePool>>;

/** The cluster's settings with what the site and the accelerator table decide. */
export const resolveCluster = (cluster: z.output<typeof clusterSchema>, site: Site) => ({
    ...cluster,
    location: cluster.location ?? site.region,
    deletionProtection: cluster.deletionProtection ?? site.production,
    pools: cluster.pools.map(resolvePool),
});
export type ClusterConfig = DeepReadonly<ReturnType<typeof resolveCluster>>;

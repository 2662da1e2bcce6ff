import { z } from "zod";

import { regionOf } from "../../gke/zones";
import { ipRange, positive, resourceName, time, type DeepReadonly, type Site } from "../config/fields";
import { poolSchema, resolvePool } from "./pools/config";

export const clusterSchema = z.strictObject({
    name: resourceName.default("ml").describe("Name of the cluster"),
    location: z.string().optional().describe("Region or zone of the control plane; default: gcp:region"),
    existing: z.boolean().default(false).describe("The cluster exists already: only its node pools and workloads are made"),
    network: z
        .strictObject({
            nodes: ipRange.default("10.0.0.0/20").describe("Range of the nodes"),
            pods: ipRange.default("10.4.0.0/14").describe("Range of the pods"),
            services: ipRange.default("10.8.0.0/20").describe("Range of the Services"),
            controlPlane: ipRange.default("172.16.0.0/28").describe("Range of the control plane, a /28"),
        })
        .prefault({})
        .describe("Address ranges of the cluster's own network"),
    endpoint: z
        .enum(["dns", "ip"])
        .default("dns")
        .describe(
            "How the stack and kubectl reach the control plane: dns, its name, from anywhere and guarded by IAM; ip, its address, from inside the network or, with publicEndpoint, from the authorized networks",
        ),
    publicEndpoint: z.boolean().default(false).describe("The control plane answers on a public address, for the authorized networks only"),
    authorizedNetworks: z
        .array(
            z.strictObject({
                name: z
                    .string()
                    .describe("What the network is")
                    .meta({ examples: ["office"] }),
                cidr: ipRange.describe("Its range").meta({ examples: ["203.0.113.0/24"] }),
            }),
        )
        .default([])
        .describe("Networks that may reach the control plane"),
    releaseChannel: z
        .enum(["RAPID", "REGULAR", "STABLE", "EXTENDED"])
        .default("REGULAR")
        .describe("Release channel that upgrades come from"),
    maintenance: z
        .strictObject({
            start: time.default("2026-01-03T02:00:00Z").describe("Start of the first window, ISO 8601"),
            hours: z.int().min(4).max(24).default(8).describe("Hours of a window; GKE wants at least 48 in 32 days"),
            recurrence: z.string().default("FREQ=WEEKLY;BYDAY=SA,SU").describe("When it recurs, RFC 5545"),
            exclusions: z
                .array(
                    z.strictObject({
                        name: z.string().describe("Why"),
                        start: time.describe("First moment, ISO 8601"),
                        end: time.describe("Last moment, ISO 8601"),
                    }),
                )
                .default([])
                .describe("Times without upgrades"),
        })
        .prefault({})
        .describe("Window of upgrades, and times without any"),
    deletionProtection: z.boolean().optional().describe("Google Cloud refuses to delete the cluster; default: true in prod"),
    systemPool: z
        .strictObject({
            machineType: z.string().default("e2-standard-4").describe("Machine type of a node"),
            minNodes: positive.default(1).describe("Least nodes, over all zones"),
            maxNodes: positive.default(3).describe("Most nodes, over all zones"),
            spot: z.boolean().default(false).describe("Nodes are spot VMs"),
        })
        .prefault({})
        .describe("The CPU pool of the system's own pods"),
    pools: z.array(poolSchema).default([]).describe("The GPU pools"),
});

/** The cluster's settings with what the site and the accelerator table decide. */
export const resolveCluster = (cluster: z.output<typeof clusterSchema>, site: Site) => {
    const location = cluster.location ?? site.region;
    return {
        ...cluster,
        location,
        /** A subnet is in the region of its cluster, which may be another than the stack's. */
        network: { ...cluster.network, region: regionOf(location) },
        deletionProtection: cluster.deletionProtection ?? site.production,
        pools: cluster.pools.map((pool) => resolvePool(pool, location)),
    };
};
export type ClusterConfig = DeepReadonly<ReturnType<typeof resolveCluster>>;

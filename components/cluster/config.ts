import { z } from "zod";

import { isInSecretManager, type PodSecret } from "../../k8s/secrets/pod-secrets";
import { regionOf } from "../../gke/zones";
import { ipRange, positive, resourceName, time, type DeepReadonly } from "../config/fields";
import type { Site } from "../project/config";
import { binaryAuthorizationSchema } from "./admission/config";
import { poolSchema, resolvePool } from "./pools/config";

export const clusterSchema = z.strictObject({
    name: resourceName.default("ml").describe("Name of the cluster"),
    location: z.string().optional().describe("Region or zone of the control plane; default: gcp:region"),
    existing: z.boolean().default(false).describe("Use an existing cluster: the stack creates only node pools and workloads in it"),
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
            "How the stack and kubectl reach the control plane; dns: by its DNS name, from anywhere, with access controlled by IAM; ip: by its IP address, from inside the network or, with publicEndpoint, from the authorized networks",
        ),
    publicEndpoint: z
        .boolean()
        .default(false)
        .describe("Give the control plane a public address, which only the authorized networks can reach"),
    authorizedNetworks: z
        .array(
            z.strictObject({
                name: z
                    .string()
                    .describe("Description of the network")
                    .meta({ examples: ["office"] }),
                cidr: ipRange.describe("IPv4 range of the network").meta({ examples: ["203.0.113.0/24"] }),
            }),
        )
        .default([])
        .describe("Networks that may reach the control plane"),
    releaseChannel: z.enum(["RAPID", "REGULAR", "STABLE", "EXTENDED"]).default("REGULAR").describe("GKE release channel"),
    maintenance: z
        .strictObject({
            start: time.default("2026-01-03T02:00:00Z").describe("Start of the first maintenance window, ISO 8601"),
            hours: z.int().min(4).max(24).default(8).describe("Length of a window in hours; GKE requires at least 48 hours in 32 days"),
            recurrence: z.string().default("FREQ=WEEKLY;BYDAY=SA,SU").describe("Recurrence of the window, RFC 5545"),
            exclusions: z
                .array(
                    z.strictObject({
                        name: z.string().describe("Why"),
                        start: time.describe("Start of the exclusion, ISO 8601"),
                        end: time.describe("End of the exclusion, ISO 8601"),
                    }),
                )
                .default([])
                .describe("Maintenance exclusions: periods without upgrades"),
        })
        .prefault({})
        .describe("Maintenance window and exclusions"),
    deletionProtection: z.boolean().optional().describe("Google Cloud refuses to delete the cluster; default: true in prod"),
    systemPool: z
        .strictObject({
            machineType: z.string().default("e2-standard-4").describe("Machine type of the nodes"),
            minNodes: positive.default(1).describe("Minimum number of nodes, across all zones"),
            maxNodes: positive.default(3).describe("Maximum number of nodes, across all zones"),
            spot: z.boolean().default(false).describe("Use spot VMs"),
        })
        .prefault({})
        .describe("CPU pool for system pods"),
    pools: z.array(poolSchema).default([]).describe("The GPU pools"),
    secretManager: z
        .boolean()
        .optional()
        .describe(
            "Enable GKE's Secret Manager add-on and secret sync; default: enabled if a workload of the stack has secrets in Secret Manager",
        ),
    binaryAuthorization: binaryAuthorizationSchema
        .optional()
        .describe("Admit only images that Cloud Build built and attested; default: the cluster admits all images"),
    queues: z
        .boolean()
        .default(false)
        .describe("Queue runs with Kueue until the pools can run all their pods; an existing cluster must have Kueue installed"),
});

/** The cluster's settings with the defaults that depend on the site and the accelerator table. */
export const resolveCluster = (cluster: z.output<typeof clusterSchema>, site: Site) => {
    const location = cluster.location ?? site.region;
    return {
        ...cluster,
        location,
        /** The subnet is in the region of the cluster, which may differ from the region of the stack. */
        network: { ...cluster.network, region: regionOf(location) },
        deletionProtection: cluster.deletionProtection ?? site.production,
        pools: cluster.pools.map((pool) => resolvePool(pool, location)),
    };
};
export type ClusterConfig = DeepReadonly<ReturnType<typeof resolveCluster>>;

/** The cluster with the add-ons that its workloads need. */
export const clusterFor = (
    cluster: ClusterConfig,
    { workloads }: { readonly workloads: readonly { readonly secrets: readonly PodSecret[] }[] },
): ClusterConfig => ({
    ...cluster,
    secretManager: cluster.secretManager ?? workloads.some(({ secrets }) => secrets.some(isInSecretManager)),
});

import { z } from "zod";

import { type DeepReadonly } from "../config/fields";

/** One destination that a workload may reach. `checks/egress.ts` has the rules of its fields: no remedy can be derived from a pattern. */
const egressSchema = z.strictObject({
    host: z.string().optional().describe("Host outside the cluster, such as db.example.com; * as the first label matches any one label"),
    cidr: z.string().optional().describe("IPv4 range, such as 10.20.0.5/32 for one address"),
    namespace: z.string().optional().describe("Namespace of this cluster that pods may connect to"),
    labels: z.record(z.string(), z.string()).optional().describe("Labels of the pods in that namespace; default: all pods"),
    ports: z
        .array(z.int().min(1).max(65_535))
        .min(1)
        .default([443])
        .describe("TCP ports; for pods the port that the container listens on, not the Service's"),
});
export type EgressConfig = DeepReadonly<z.output<typeof egressSchema>>;

/** Destinations of a workload. */
export const egress = z
    .array(egressSchema)
    .default([])
    .describe(
        "Destinations that pods may reach in addition to DNS, Google Cloud's metadata server and HTTPS: each names a host, a cidr or a namespace",
    );

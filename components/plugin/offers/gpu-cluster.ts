import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { clusterChecks } from "../../cluster/checks";
import { clusterSchema, resolveCluster } from "../../cluster/config";
import { GpuCluster } from "../../cluster/gpu-cluster";
import { offer } from "../offer";
import { DEFAULT_REGION } from "../../project/config";
import { crossChecks } from "../cross-checks";
import { project } from "./fields";

const ranges = clusterSchema.shape.network.unwrap();

// Queues and the admission policy are separate components, which index.ts composes.
const settings = clusterSchema.omit({ queues: true, binaryAuthorization: true }).extend({
    location: z.string().describe("Region or zone of the control plane"),
    network: ranges.pick({ controlPlane: true }).prefault({}).describe("Address ranges that are not those of the subnet"),
    deletionProtection: z.boolean().default(false).describe("Google Cloud refuses to delete the cluster"),
});

const configOf = (cluster: z.output<typeof settings>) =>
    resolveCluster(
        { ...cluster, queues: false, network: { ...ranges.parse({}), ...cluster.network } },
        { region: cluster.location, production: cluster.deletionProtection },
    );

export const gpuCluster = offer({
    description: "A GKE cluster with a small system pool and any number of GPU pools that start from zero nodes.",
    plain: z.strictObject({ project, cluster: settings.describe("Location, pools and everything else of the cluster") }),
    linked: z.strictObject({
        network: z
            .string()
            .optional()
            .describe("Self link of a new cluster's network; its subnet has the secondary ranges pods and services"),
        subnetwork: z.string().optional().describe("Self link of a new cluster's subnet"),
        repository: z
            .string()
            .regex(/^projects\/[^/]+\/locations\/[^/]+\/repositories\/[^/]+$/, "must be projects/…/locations/…/repositories/…")
            .optional()
            .describe("Full name of the repository that the nodes pull from; default: none, images are public or in another registry"),
    }),
    outputs: z.object({
        name: z.string().describe("Name of the cluster"),
        kubeconfig: z
            .string()
            .describe("Kubeconfig for a Kubernetes provider, without secrets; resources that use it are deleted before the nodes"),
    }),
    problems: ({ cluster }, linked) => [
        ...networkProblems(cluster.existing, linked),
        ...crossChecks(clusterChecks, { region: DEFAULT_REGION, cluster: configOf(cluster), workloads: [] }, { cluster: "cluster" }),
    ],
    create(name, { project, cluster }, { network, subnetwork, repository }, opts) {
        const component = new GpuCluster(
            name,
            {
                project,
                cluster: configOf(cluster),
                network: network === undefined || subnetwork === undefined ? undefined : { network, subnetwork },
                images: repository && { id: repository, location: repository.apply((id) => id.split("/")[3] ?? "") },
            },
            opts,
        );
        const kubeconfig = pulumi.all([component.kubeconfig, component.provider.id]).apply(([text]) => text);
        return { component, outputs: { name: component.name, kubeconfig } };
    },
});

/** A new cluster needs a network, and an existing one has its own. */
const networkProblems = (existing: boolean, linked: readonly string[]) =>
    ["network", "subnetwork"]
        .filter((path) => linked.includes(path) === existing)
        .map((path) => ({
            path,
            problem: existing
                ? "is set together with cluster.existing, but such a cluster has its own"
                : "is missing: a new cluster needs one",
        }));

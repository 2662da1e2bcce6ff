import { z } from "zod";
import { clusterChecks } from "../../cluster/checks";
import { serviceChecks } from "../../inference/checks";
import { resolveService, serviceSchema } from "../../inference/config";
import { InferenceService } from "../../inference/inference-service";
import { serviceWorkload } from "../../inference/service-workloads";
import { workloadChecks } from "../../workloads/checks/workloads";
import { placementsOf } from "../../workloads/placement/placement";
import { offer } from "../offer";
import { clusterWith, crossChecks } from "../cross-checks";
import { image, namespace, workload } from "./fields";

// The image is an input of the component.
const settings = serviceSchema.omit({ pool: true, image: true });
const plain = z.strictObject({
    ...workload,
    service: settings.describe("Replicas, memory, start and drain times and everything else of the service"),
});

function resolved({ service: settings, pool }: z.output<typeof plain>) {
    const service = resolveService({ ...settings, pool: pool.name, image: "" });
    return { service, cluster: clusterWith(pool), workload: serviceWorkload(service, 0) };
}

export const inferenceService = offer({
    description: "A model served over HTTP on GPU nodes. Requires a Kubernetes provider for the cluster.",
    plain,
    linked: z.strictObject({ namespace, image }),
    outputs: z.object({
        deployment: z.string().describe("Name of the Deployment"),
        url: z.string().describe("Address inside the cluster, or the public one"),
        dns: z
            .object({
                address: z.string().describe("Value of the host's A record"),
                authorization: z
                    .object({
                        name: z.string().describe("Name of the record"),
                        type: z.string().describe("Type of the record"),
                        data: z.string().describe("Value of the record"),
                    })
                    .optional()
                    .describe("DNS record that proves to Google that the host is yours; Google issues the certificate once it exists"),
            })
            .optional()
            .describe("DNS records for the owner of the public host's zone; absent for a service inside the cluster"),
    }),
    problems(args) {
        const { service, cluster, workload } = resolved(args);
        const inference = { namespace: "", services: [service] };
        const parts = { region: cluster.network.region, cluster, inference, training: undefined, workloads: [workload] };
        const checks = [...clusterChecks, ...serviceChecks, ...workloadChecks];
        return crossChecks(checks, parts, { "inference.services[0]": "service", "cluster.pools[0]": "pool" });
    },
    create(name, args, { namespace, image: ref }, opts) {
        const { service, cluster, workload } = resolved(args);
        const placement = placementsOf({ stack: "", cluster, workloads: [workload] })(workload);
        const component = new InferenceService(
            name,
            { ...service, project: args.project, namespace, image: { ref, device: args.device }, placement },
            opts,
        );
        const { deployment, url, dns } = component.summary;
        return { component, outputs: { deployment, url, dns } };
    },
});

import { z } from "zod";
import { clusterChecks } from "../../cluster/checks";
import { resolveWorker, workerSchema } from "../../workers/config";
import { Worker } from "../../workers/worker";
import { workerWorkload } from "../../workers/worker-workloads";
import { workloadChecks } from "../../workloads/checks/workloads";
import { placementsOf } from "../../workloads/placement/placement";
import { clusterWith, crossChecks } from "../cross-checks";
import { offer } from "../offer";
import { image, namespace, workload } from "./fields";

// The image is an input of the component.
const settings = workerSchema.omit({ pool: true, image: true });
const plain = z.strictObject({
    ...workload,
    worker: settings.describe("Replicas or autoscaling, memory, drain, probes and everything else of the worker"),
});

function resolved({ worker: settings, pool }: z.output<typeof plain>) {
    const worker = resolveWorker({ ...settings, pool: pool.name, image: "" });
    return { worker, cluster: clusterWith(pool), workload: workerWorkload(worker, 0) };
}

export const worker = offer({
    description: "A consumer of a queue, such as a Celery worker, on GPU nodes. Requires a Kubernetes provider for the cluster.",
    plain,
    linked: z.strictObject({ namespace, image }),
    outputs: z.object({ deployment: z.string().describe("Name of the Deployment") }),
    problems(args) {
        const { worker, cluster, workload } = resolved(args);
        const workers = { namespace: "", workers: [worker] };
        const parts = { region: cluster.network.region, cluster, workers, training: undefined, workloads: [workload] };
        return crossChecks([...clusterChecks, ...workloadChecks], parts, { "workers.workers[0]": "worker", "cluster.pools[0]": "pool" });
    },
    create(name, args, { namespace, image: ref }, opts) {
        const { worker, cluster, workload } = resolved(args);
        const placement = placementsOf({ stack: "", cluster, workloads: [workload] })(workload);
        const component = new Worker(
            name,
            { ...worker, project: args.project, namespace, image: { ref, device: args.device }, placement },
            opts,
        );
        return { component, outputs: { deployment: component.summary.deployment } };
    },
});

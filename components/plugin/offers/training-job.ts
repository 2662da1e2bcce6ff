import { z } from "zod";
import { clusterChecks } from "../../cluster/checks";
import { runChecks } from "../../training/checks";
import { resolveRun, trainingFields } from "../../training/config";
import { runWorkload } from "../../training/run-workload";
import { workloadChecks } from "../../workloads/checks/workloads";
import { placementsOf } from "../../workloads/placement/placement";
import { TrainingJob } from "../../training/training-job";
import { offer } from "../offer";
import { clusterWith, crossChecks } from "../cross-checks";
import { image, namespace, workload } from "./fields";

// The image is an input of the component, which creates one run.
const settings = trainingFields.omit({ pool: true, image: true, runs: true }).required({ runId: true });
const plain = z.strictObject({
    ...workload,
    training: settings.describe("Id, memory, checkpoints, data, limits and everything else of the run"),
});

function resolved({ training: settings, pool }: z.output<typeof plain>) {
    const cluster = clusterWith(pool);
    const training = resolveRun({ ...settings, pool: pool.name, image: "" }, { cluster });
    return { training, cluster, workload: runWorkload(training) };
}

export const trainingJob = offer({
    description: "A training run as a Kubernetes Job with shared memory on GPU nodes. Requires a Kubernetes provider for the cluster.",
    plain,
    linked: z.strictObject({ namespace, image }),
    outputs: z.object({
        job: z.string().describe("Name of the Job"),
        runId: z.string().describe("Name of the run"),
        startedWith: z.string().describe("Image that the run was started with"),
    }),
    problems(args) {
        const { training, cluster, workload } = resolved(args);
        const { project } = args;
        const parts = {
            project,
            region: cluster.network.region,
            images: undefined,
            cluster,
            inference: undefined,
            training: { ...training, tensorboard: undefined, runs: [training], isList: false },
            workloads: [workload],
        };
        const checks = [...clusterChecks, ...workloadChecks, ...runChecks];
        return crossChecks(checks, parts, { training: "training", "cluster.pools[0]": "pool" });
    },
    create(name, args, { namespace, image: ref }, opts) {
        const { training, cluster, workload } = resolved(args);
        const placement = placementsOf({ stack: "", cluster, workloads: [workload] })(workload);
        const component = new TrainingJob(
            name,
            { project: args.project, namespace, runs: [{ ...training, image: { ref, device: args.device }, placement }] },
            opts,
        );
        const [summary] = Object.values(component.summaries);
        if (summary === undefined) {
            throw new Error("the component has no run");
        }
        const { job, runId, image: startedWith } = summary;
        return { component, outputs: { job, runId, startedWith } };
    },
});

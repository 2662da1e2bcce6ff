import { z } from "zod";

import { count, positive, resourceName, type DeepReadonly } from "../config/fields";
import { withReplicas } from "../workloads/deployments/bounds";
import { autoscalingBounds, commandProbe, deploymentFields } from "../workloads/deployments/config";

const autoscalingSchema = z.strictObject({
    ...autoscalingBounds,
    query: z
        .string()
        .regex(/\S/, "must be a query in PromQL")
        .describe("PromQL query that gives the number of tasks in the queue; GKE runs it on Managed Service for Prometheus")
        .meta({ examples: ['sum(redis_key_size{key="predictions"})'] }),
    target: positive.default(8).describe("Target number of tasks per replica"),
});

/** The health check of the project's own worker image. */
const HEALTH = { command: ["python3", "-m", "consumer.health"], timeoutSeconds: 10 };

// Each probe starts a process, next to a task that may use every CPU.
const probe = commandProbe(positive.default(HEALTH.timeoutSeconds).describe("Timeout of a probe in seconds")).default(HEALTH);
const probesSchema = z.strictObject({
    ready: probe.describe("Readiness probe: whether a worker takes tasks; it has coldStartSeconds to start, and a rollout waits for it"),
    health: probe.describe("Liveness probe: whether the container works; otherwise it is restarted"),
    failureSeconds: positive.default(60).describe("Seconds that health may fail before the container is restarted"),
});

/** One day. GKE stops a pod earlier when it upgrades its node (1 hour) or reclaims a spot VM (15 seconds). */
const MOST_DRAIN_SECONDS = 86_400;

export const workerSchema = z.strictObject({
    name: resourceName.describe("Name of the worker").meta({ examples: ["scoring"] }),
    image: z.string().default("worker").describe("Name of its image: one of the project's own, or of images"),
    ...deploymentFields,
    probes: probesSchema.prefault({}).describe("Probes of the container; their defaults are for the project's own worker"),
    autoscaling: autoscalingSchema.optional().describe("Autoscaling by the length of the queue"),
    drainSeconds: count
        .max(MOST_DRAIN_SECONDS)
        .default(300)
        .describe("Seconds for the task in progress to finish after SIGTERM, also passed as the variable DRAIN_SECONDS"),
});

/** A worker's settings with derived defaults. */
export const resolveWorker = (worker: z.output<typeof workerSchema>) => withReplicas(worker);
export type WorkerConfig = DeepReadonly<ReturnType<typeof resolveWorker>>;

export const workersSchema = z.strictObject({
    namespace: resourceName.default("workers").describe("Namespace of the workers"),
    workers: z.array(workerSchema).default([]).describe("The workers"),
});

/** The workers' settings with derived defaults. */
export const resolveWorkers = (section: z.output<typeof workersSchema>) => ({
    ...section,
    workers: section.workers.map(resolveWorker),
});
export type WorkersConfig = DeepReadonly<ReturnType<typeof resolveWorkers>>;

import { z } from "zod";

import { withReplicas } from "../workloads/deployments/bounds";
import { autoscalingBounds, commandProbe, deploymentFields } from "../workloads/deployments/config";
import { count, positive, resourceName, type DeepReadonly } from "../config/fields";

const autoscalingSchema = z.strictObject({
    ...autoscalingBounds,
    metric: z.enum(["requests-in-flight", "gpu-duty-cycle"]).default("requests-in-flight").describe("Metric of the load of a replica"),
    target: positive.default(8).describe("Target average per replica: requests, or percent of duty cycle"),
});
export type AutoscalingConfig = DeepReadonly<z.output<typeof autoscalingSchema>>;

const path = z.string().regex(/^\/[^\s?#]*$/, "must be a path such as /ready, without a query");
const timeoutSeconds = positive.default(3).describe("Timeout of a probe in seconds");
const probe = z.union(
    [z.strictObject({ path: path.describe("Path that returns a status from 200 to 399"), timeoutSeconds }), commandProbe(timeoutSeconds)],
    { error: "must be { path: /… } or { command: […] }" },
);
const probesSchema = z.strictObject({
    ready: probe
        .default({ path: "/ready", timeoutSeconds: 3 })
        .describe("Readiness probe: whether a pod accepts requests; it has coldStartSeconds to start"),
    health: probe
        .default({ path: "/health", timeoutSeconds: 3 })
        .describe("Liveness probe: whether the container works; otherwise it is restarted"),
    failureSeconds: positive.default(30).describe("Seconds that health may fail before the container is restarted"),
});

export const serviceSchema = z.strictObject({
    name: resourceName.describe("Name of the service").meta({ examples: ["predict"] }),
    image: z.string().default("inference").describe("Name of its image: one of the project's own, or of images"),
    ...deploymentFields,
    // Below 1024 a process needs a capability, and the pods have none.
    port: z.int().min(1024).max(65_535).default(8000).describe("Port that the container listens on, also passed as the variable PORT"),
    probes: probesSchema.prefault({}).describe("Probes of the container"),
    autoscaling: autoscalingSchema.optional().describe("Autoscaling by load"),
    drainSeconds: count.max(600).default(30).describe("Seconds for requests in flight to finish when a pod stops"),
    public: z
        .strictObject({
            host: z
                .string()
                .regex(/^([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z]{2,}$/, "must be a host name such as predict.example.com")
                .describe("Host name, which gets a managed certificate")
                .meta({ examples: ["predict.example.com"] }),
            paths: z
                .array(path)
                .min(1)
                .default(["/predict"])
                .describe("Public paths; one that ends in /* includes everything below it, such as /v1/*"),
        })
        .optional()
        .describe("Public endpoint; without it, the service is reachable only from inside the cluster"),
});

/** A service's settings with derived defaults. */
export const resolveService = (service: z.output<typeof serviceSchema>) => withReplicas(service);
export type ServiceConfig = DeepReadonly<ReturnType<typeof resolveService>>;

export const inferenceSchema = z.strictObject({
    namespace: resourceName.default("inference").describe("Namespace of the services"),
    services: z.array(serviceSchema).default([]).describe("The services"),
});

/** The services' settings with derived defaults. */
export const resolveInference = (inference: z.output<typeof inferenceSchema>) => ({
    ...inference,
    services: inference.services.map(resolveService),
});
export type InferenceConfig = DeepReadonly<ReturnType<typeof resolveInference>>;

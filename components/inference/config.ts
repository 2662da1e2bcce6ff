import { z } from "zod";

import { egress } from "../workloads/egress-config";
import {
    count,
    cpuQuantity,
    existingStorage,
    memoryQuantity,
    positive,
    resourceName,
    variables,
    type DeepReadonly,
} from "../config/fields";

const autoscalingSchema = z.strictObject({
    min: positive.default(1).describe("Least replicas"),
    max: positive.describe("Most replicas").meta({ examples: [1] }),
    metric: z.enum(["requests-in-flight", "gpu-duty-cycle"]).default("requests-in-flight").describe("What a replica is measured by"),
    target: positive.default(8).describe("Average per replica that is aimed at: requests, or per cent of duty cycle"),
});
export type AutoscalingConfig = DeepReadonly<z.output<typeof autoscalingSchema>>;

export const serviceSchema = z.strictObject({
    name: resourceName.describe("Name of the service").meta({ examples: ["predict"] }),
    pool: resourceName.describe("GPU pool that its pods land on").meta({ examples: ["gpu"] }),
    gpus: positive.default(1).describe("GPUs of a pod; shared GPUs and MIG partitions count as one each"),
    cpu: cpuQuantity.default("2").describe("CPU of a pod"),
    memory: memoryQuantity.default("4Gi").describe("Memory of a pod, request and limit"),
    ephemeralStorage: memoryQuantity.default("1Gi").describe("Ephemeral storage of a pod, request and limit: /tmp and logs"),
    replicas: positive.optional().describe("Pods, when their number is fixed; default 1; not together with autoscaling"),
    autoscaling: autoscalingSchema.optional().describe("Pods by load"),
    coldStartSeconds: positive.default(120).describe("Seconds that a pod may need from its start until it is ready"),
    drainSeconds: count.max(600).default(30).describe("Seconds that requests in flight are given when a pod stops"),
    // An empty claim that the stack made would hold no model.
    model: existingStorage.optional().describe("Model mounted instead of the one in the image: its bucket or claim has to exist"),
    variables: variables.default({}).describe("Environment variables that are no secret"),
    egress,
    public: z
        .strictObject({
            host: z
                .string()
                .regex(/^([a-z0-9]([-a-z0-9]*[a-z0-9])?\.)+[a-z]{2,}$/, "must be a host name such as predict.example.com")
                .describe("Host name, for which a managed certificate is made")
                .meta({ examples: ["predict.example.com"] }),
        })
        .optional()
        .describe("Reachable from the internet under this name; without it only from inside the cluster"),
});

/** The number of replicas in one place: fixed, or between two bounds. */
export const resolveService = ({ replicas, autoscaling, ...service }: z.output<typeof serviceSchema>) => ({
    ...service,
    autoscaling,
    replicas: autoscaling === undefined ? (replicas ?? 1) : replicas,
});
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

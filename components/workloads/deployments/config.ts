import { z } from "zod";

import { argument, cpuQuantity, existingStorage, memoryQuantity, positive, resourceName, variables } from "../../config/fields";
import { egress } from "../egress-config";
import { secrets } from "../secrets-config";
import { volumes } from "../volumes-config";

/** Fields that services and workers have in common. */
export const deploymentFields = {
    pool: resourceName.describe("GPU pool that its pods run on").meta({ examples: ["gpu"] }),
    command: z.array(argument).min(1).optional().describe("Command that replaces the image's entrypoint"),
    args: z.array(argument).default([]).describe("Arguments of the image's entrypoint, or of command"),
    gpus: positive.default(1).describe("GPUs per pod; shared GPUs and MIG partitions count as one each"),
    cpu: cpuQuantity.default("2").describe("CPU per pod"),
    memory: memoryQuantity.default("4Gi").describe("Memory per pod, request and limit"),
    sharedMemory: memoryQuantity
        .optional()
        .describe(
            "Size of /dev/shm, which counts against memory; processes on several GPUs need it; default: 64 MiB in addition to memory",
        ),
    ephemeralStorage: memoryQuantity.default("1Gi").describe("Ephemeral storage per pod, request and limit: /tmp and logs"),
    replicas: positive.optional().describe("Number of pods; default 1; not together with autoscaling"),
    coldStartSeconds: positive.default(120).describe("Maximum seconds from the start of a pod until it is ready"),
    // An empty claim that the stack made would hold no model.
    model: existingStorage.optional().describe("Model that replaces the one in the image; its bucket or claim must exist"),
    volumes,
    variables: variables.default({}).describe("Environment variables without secrets"),
    secrets,
    egress,
};

/** A probe that runs a command. */
export const commandProbe = (timeoutSeconds: z.ZodType<number>) =>
    z.strictObject({ command: z.array(argument).min(1).describe("Command in the container that exits with 0"), timeoutSeconds });

/** Number of pods between two bounds. */
export const autoscalingBounds = {
    min: positive.default(1).describe("Minimum number of replicas"),
    max: positive.describe("Maximum number of replicas").meta({ examples: [1] }),
};

import { z } from "zod";

import { sourcesOf, type Capacity } from "../cluster/pools/config";
import { egress } from "../workloads/egress-config";
import { formatBytes, parseMemory } from "../workloads/quantities";
import {
    argument,
    count,
    cpuQuantity,
    memoryQuantity,
    positive,
    resourceName,
    storage,
    variables,
    type DeepReadonly,
} from "../config/fields";

export const trainingSchema = z.strictObject({
    namespace: resourceName.default("training").describe("Namespace of the runs"),
    runId: resourceName.describe("Name of the run: the same id is the same run, a new id starts a new one").meta({ examples: ["first"] }),
    pool: resourceName.describe("GPU pool that its pods land on").meta({ examples: ["gpu"] }),
    nodes: positive.default(1).describe("Pods that train together, one a node"),
    gpus: positive.default(1).describe("GPUs of a pod"),
    cpu: cpuQuantity.default("2").describe("CPU of a pod"),
    memory: memoryQuantity.optional().describe("Memory of a pod, request and limit; default: sharedMemory + workingSet"),
    sharedMemory: memoryQuantity.default("8Gi").describe("Size of /dev/shm, which counts against the pod's memory"),
    workingSet: memoryQuantity.default("2Gi").describe("Memory that the process itself needs, without /dev/shm"),
    ephemeralStorage: memoryQuantity.default("10Gi").describe("Ephemeral storage of a pod, request and limit: /tmp and logs"),
    args: z.array(argument).default([]).describe("Arguments of the trainer"),
    variables: variables.default({}).describe("Environment variables that are no secret, such as the address of a tracker"),
    secrets: z.array(resourceName).default([]).describe("Kubernetes Secrets of the namespace; their keys become environment variables"),
    egress,
    checkpoints: storage
        .describe("Where the run keeps checkpoints, logs and the model: by them it goes on, and never trains again what was trained")
        .meta({ examples: [{ bucket: "my-project-checkpoints" }] }),
    data: storage.optional().describe("Where data is read, mounted read-only"),
    backoffLimit: count.default(3).describe("Pods that may fail before the run fails; preemptions do not count"),
    activeDeadlineSeconds: positive
        .default(86_400)
        .describe("Longest that the run may train, in seconds over all attempts; waiting for nodes does not count"),
    graceSeconds: count.optional().describe("Seconds between SIGTERM and SIGKILL; default: 15 on spot nodes, else 30"),
    ttlSecondsAfterFinished: count
        .optional()
        .describe("Seconds after which a finished run is removed, with a warning: a refresh after that starts it again"),
    queue: resourceName.optional().describe("Local queue of Kueue that admits the run"),
    wait: z
        .boolean()
        .default(false)
        .describe("The update ends when the run ends, and fails when it fails; otherwise it ends once the run is created"),
    tensorboard: z
        .boolean()
        .default(false)
        .describe("TensorBoard on the logs of all runs; the trainer writes them, and the image is built with TensorBoard in it"),
});

/** The pools of a cluster, as the stack file or another program gives them. */
interface Pools {
    readonly pools: readonly { readonly name: string; readonly capacity: Capacity | readonly Capacity[] }[];
}

/** Whether some nodes of a pool are spot VMs. */
const hasSpot = (cluster: Pools | undefined, pool: string): boolean =>
    cluster?.pools.some(({ name, capacity }) => name === pool && sourcesOf(capacity).includes("spot")) ?? false;

/** The run's settings with derived defaults. */
export const resolveTraining = (training: z.output<typeof trainingSchema>, { cluster }: { readonly cluster?: Pools | undefined }) => ({
    ...training,
    memory: training.memory ?? formatBytes(parseMemory(training.sharedMemory) + parseMemory(training.workingSet)),
    graceSeconds: training.graceSeconds ?? (hasSpot(cluster, training.pool) ? 15 : 30),
});
export type TrainingConfig = DeepReadonly<ReturnType<typeof resolveTraining>>;

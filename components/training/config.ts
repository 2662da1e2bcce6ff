import { z } from "zod";

import { PRIORITY_NAMES, RUN_QUEUE } from "../../k8s/queues";
import { sourcesOf, type Capacity } from "../cluster/pools/config";
import { keyOf, type Path } from "../config/problem";
import { egress } from "../workloads/egress-config";
import { secrets } from "../workloads/secrets-config";
import { volumes } from "../workloads/volumes-config";
import { formatBytes, parseMemory } from "../../gke/quantities";
import { reportMissing } from "./missing-fields";
import {
    argument,
    count,
    cpuQuantity,
    memoryQuantity,
    positive,
    readStorage,
    resourceName,
    storage,
    variables,
    type DeepReadonly,
    type StorageConfig,
} from "../config/fields";

/** All fields of a run except its ID. */
const runFields = {
    image: z.string().default("training").describe("Name of its image: one of the project's own, or of images"),
    pool: resourceName.describe("GPU pool that its pods run on").meta({ examples: ["gpu"] }),
    nodes: positive.default(1).describe("Pods that train together, one per node"),
    gpus: positive.default(1).describe("GPUs per pod"),
    cpu: cpuQuantity.default("2").describe("CPU per pod"),
    memory: memoryQuantity.optional().describe("Memory per pod, request and limit; default: sharedMemory + workingSet"),
    sharedMemory: memoryQuantity.default("8Gi").describe("Size of /dev/shm, which counts against the pod's memory"),
    workingSet: memoryQuantity.default("2Gi").describe("Memory that the process needs in addition to /dev/shm"),
    ephemeralStorage: memoryQuantity.default("10Gi").describe("Ephemeral storage per pod, request and limit: /tmp and logs"),
    command: z
        .array(argument)
        .min(1)
        .optional()
        .describe("Command that replaces the image's entrypoint; it must touch /tmp/training_alive at least every 5 minutes"),
    args: z.array(argument).default([]).describe("Arguments of the image's entrypoint, or of command"),
    variables: variables.default({}).describe("Environment variables without secrets, such as the address of a tracker"),
    secrets,
    egress,
    checkpoints: storage
        .describe("Storage for checkpoints, logs and the model; a run resumes from its last checkpoint")
        .meta({ examples: [{ bucket: "my-project-checkpoints" }] }),
    data: readStorage.optional().describe("Storage with training data, mounted read-only"),
    volumes,
    backoffLimit: count.default(3).describe("Pod failures before the run fails; preemptions do not count"),
    activeDeadlineSeconds: positive
        .default(86_400)
        .describe("Maximum training time in seconds, over all attempts; waiting for nodes does not count"),
    graceSeconds: count.optional().describe("Seconds between SIGTERM and SIGKILL; default: 15 on spot nodes, else 30"),
    ttlSecondsAfterFinished: count
        .optional()
        .describe("Seconds after which a finished run is removed, with a warning: a refresh after that starts it again"),
    queue: resourceName
        .optional()
        .describe("Kueue local queue that admits the run; default: the stack's own with cluster.queues, otherwise none"),
    priority: z
        .enum(PRIORITY_NAMES)
        .optional()
        .describe("Priority in the queue: a run with a higher priority preempts one with a lower priority"),
    wait: z
        .boolean()
        .default(false)
        .describe("Block the update until the run ends, and fail it if the run fails; otherwise the update ends once the run is created"),
};

/** A field of a single run, without a default: the section's value is the default. */
const withoutDefault = (field: z.ZodType): z.ZodType =>
    (field instanceof z.ZodDefault ? (field.unwrap() as z.ZodType).describe(field.description ?? "") : field).optional();

type Overrides = { [F in keyof typeof runFields]?: z.output<(typeof runFields)[F]> | undefined };

const runId = resourceName.meta({ examples: ["first"] });

const runSchema = z.strictObject({
    id: runId.describe("ID of the run: a new ID starts a new run"),
    ...Object.fromEntries(Object.entries(runFields).map(([name, field]) => [name, withoutDefault(field)])),
}) as unknown as z.ZodType<{ readonly id: string } & Overrides>;

/** The section with every field that a run needs. */
export const trainingFields = z.strictObject({
    namespace: resourceName.default("training").describe("Namespace of the runs"),
    runId: runId.optional().describe("ID of a single run: a new ID starts a new run; set either this or runs"),
    runs: z
        .array(runSchema)
        .optional()
        .describe(
            "Several runs: each has an ID and may override every field below; a run that is removed from the list stays in the cluster unchanged",
        ),
    ...runFields,
    tensorboard: z
        .boolean()
        .default(false)
        .describe(
            "Run TensorBoard on the logs in the section's checkpoints; the trainer then writes logs, and the image contains TensorBoard",
        ),
});

/** A field of the section that may be omitted if each run has its own value. */
const unlessRunsHave = <F extends z.ZodType>(field: F) =>
    field.optional().describe(`${field.description ?? ""}; required unless each of runs has its own`);

export const trainingSchema = trainingFields
    .extend({ pool: unlessRunsHave(runFields.pool), checkpoints: unlessRunsHave(runFields.checkpoints) })
    // Also if other fields are invalid: all problems are reported at once.
    .superRefine(reportMissing, { when: ({ value }) => typeof value === "object" && value !== null });

/** The pools of a cluster, as the stack file or another program gives them. */
interface Pools {
    readonly queues?: boolean | undefined;
    readonly pools: readonly { readonly name: string; readonly capacity: Capacity | readonly Capacity[] }[];
}

/** Whether some nodes of a pool are spot VMs. */
const hasSpot = (cluster: Pools | undefined, pool: string): boolean =>
    cluster?.pools.some(({ name, capacity }) => name === pool && sourcesOf(capacity).includes("spot")) ?? false;

type GivenTraining = z.output<typeof trainingSchema>;
type GivenRun = Omit<z.output<typeof trainingFields>, "runId" | "runs"> & { readonly runId: string };

/** The settings of one run with derived defaults. */
export const resolveRun = (run: GivenRun, { cluster }: { readonly cluster?: Pools | undefined }) => ({
    ...run,
    memory: run.memory ?? formatBytes(parseMemory(run.sharedMemory) + parseMemory(run.workingSet)),
    graceSeconds: run.graceSeconds ?? (hasSpot(cluster, run.pool) ? 15 : 30),
    queue: run.queue ?? (cluster?.queues === true ? RUN_QUEUE : undefined),
    /** Path of the run in the section. */
    path: [] as readonly (string | number)[],
});
export type RunConfig = DeepReadonly<ReturnType<typeof resolveRun>>;

/** The runs of the section: those of the list, with the section's values as defaults, or the one of `runId`. */
export function resolveTraining({ runId, runs, ...shared }: GivenTraining, sections: { readonly cluster?: Pools | undefined }) {
    // The schema refuses a run if neither the run nor the section has a pool and checkpoints.
    const resolved = (own: Overrides, id: string) => resolveRun({ ...shared, ...given(own), runId: id } as GivenRun, sections);
    const listed = runs?.map(({ id, ...own }, index) => ({
        ...resolved(own, id),
        // TensorBoard reads only the section's checkpoints.
        tensorboard: shared.tensorboard && own.checkpoints === undefined,
        path: ["runs", index],
    }));
    const single = runId === undefined ? [] : [resolved({}, runId)];
    const { namespace, pool, checkpoints, image } = shared;
    const tensorboard = shared.tensorboard && checkpoints !== undefined ? { checkpoints, image } : undefined;
    return { namespace, tensorboard, pool, checkpoints, runId, runs: listed ?? single, isList: listed !== undefined };
}
export type TrainingConfig = DeepReadonly<ReturnType<typeof resolveTraining>>;

/** The fields that have a value. */
const given = (own: Overrides): Partial<GivenRun> => Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined));

/** Key of a field of a run. */
export const keyOfRun = (run: Pick<RunConfig, "path">, ...path: Path): string => keyOf("training", ...run.path, ...path);

/** Where the runs of the section keep and read files. */
export const storagesOf = (training: TrainingConfig | undefined): readonly (StorageConfig | undefined)[] =>
    (training?.runs ?? []).flatMap(({ checkpoints, data, volumes: further }) => [checkpoints, data, ...further]);

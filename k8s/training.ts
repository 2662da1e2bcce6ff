import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { gpuPod, resources, type ContainerSize, type GpuPlacement } from "./gpu";
import { CONTAINER_SECURITY, sharedMemory, tmp } from "./pod-security";
import { secretEnvironment, secretSources, secretVolumes, type PodSecret } from "./secrets/pod-secrets";
import { mounted, mountedAt, storageAnnotations, type MountedStorage, type Storage } from "./volumes";

/** Exit code of a trainer that would fail again after a restart. */
export const NOT_RETRYABLE = 42;

/** Exit code of a healthy trainer that stopped because another pod of its run stopped. */
export const PEER_LOST = 75;

/** File that the trainer touches while it makes progress. */
export const HEARTBEAT = "/tmp/training_alive";

/**
 * Where checkpoints are mounted. The trainer keeps each run, with its logs for TensorBoard, in a folder of its id: a new run never resumes
 * from another's state.
 */
export const CHECKPOINTS = "/checkpoints";

/** Where data is mounted, read-only. */
export const DATA = "/data";

/** Termination message file of the container. The pod's status keeps its content after the logs are gone. */
const TERMINATION_LOG = "/dev/termination-log";

/** Seconds without a heartbeat after which a pod counts as hung. */
const HEARTBEAT_SECONDS = 300;

/** Seconds until the first heartbeat of a pod is due. */
const FIRST_HEARTBEAT_SECONDS = 900;

/** Port of the pods' rendezvous; the trainer uses the next port for its own messages. The network policy of the runs allows every port between their pods. */
const RENDEZVOUS_PORT = 29500;

/** Maximum time that the pods of a run may wait for nodes, over all attempts: GPUs that are out of stock, or flex-start's queue. */
export const CAPACITY_WAIT_SECONDS = 7 * 86_400;

/** Resolved settings of a training run. */
export interface TrainingSettings extends ContainerSize {
    /** Name of the Job; holds the run's id. */
    readonly name: string;
    readonly runId: string;
    /** Image by digest. */
    readonly image: Input<string>;
    readonly serviceAccount: Input<string>;
    readonly placement: GpuPlacement;
    /** Size of `/dev/shm`, such as `8Gi`. Counts against {@link memory}. */
    readonly sharedMemory: string;
    /** Command that replaces the image's entrypoint. */
    readonly command?: readonly string[] | undefined;
    /** Arguments of the entrypoint, or of {@link command}. */
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    readonly secrets: readonly PodSecret[];
    readonly checkpoints: Storage;
    readonly data?: Storage | undefined;
    readonly volumes: readonly MountedStorage[];
    /** Pod failures before the run fails; disruptions do not count. */
    readonly backoffLimit: number;
    /** Maximum training time in seconds, over all attempts. Waiting for nodes does not count. */
    readonly activeDeadlineSeconds: number;
    /** Seconds that the trainer gets to save a checkpoint; at most 15 on spot nodes, which Google takes back at that notice. */
    readonly graceSeconds: number;
    /** Seconds after which the finished Job is removed. Absent: it is kept, since Pulumi owns it. */
    readonly ttlSecondsAfterFinished?: number | undefined;
    /** Pods of the run; more than one means an Indexed Job with torchrun's variables. */
    readonly nodes: number;
    /** Kueue queue that admits the run. */
    readonly queue?: string | undefined;
}

/** Labels of the pods of every run. */
export const TRAINING_LABELS = { "app.kubernetes.io/name": "trainer", "app.kubernetes.io/component": "training" };

/** Label with the run's id. */
export const RUN_LABEL = "ml-platform/run";

/** Labels of one run's pods. */
export function runLabels(runId: string): Record<string, string> {
    return { ...TRAINING_LABELS, [RUN_LABEL]: runId };
}

/** Owner of the run's secrets, in the names of their objects. */
export const secretOwner = (runId: string): string => `run-${runId}`;

/** Job of one run. */
export function jobSpec(s: TrainingSettings): types.input.batch.v1.JobSpec {
    const several = s.nodes > 1;
    return {
        parallelism: s.nodes,
        completions: s.nodes,
        completionMode: several ? "Indexed" : "NonIndexed",
        backoffLimit: s.backoffLimit,
        // Includes the time that pods wait for nodes, so it is only an outer limit: the trainer enforces the run's limit (DEADLINE_SECONDS).
        activeDeadlineSeconds: s.activeDeadlineSeconds + CAPACITY_WAIT_SECONDS,
        ttlSecondsAfterFinished: s.ttlSecondsAfterFinished,
        suspend: s.queue === undefined ? undefined : true,
        // The first matching rule applies: a pod that is disrupted while it exits with 42 counts as disrupted. When one pod of several ends, the
        // others exit with a separate code, so that all resume from the same checkpoint. Only the first end counts, unless it was a disruption.
        // No rule contains exit code 143: a SIGTERM without a disruption comes from the liveness probe, or from a person who deletes the pod. If a
        // rule ignored it, a run that hangs would restart forever.
        podFailurePolicy: {
            rules: [
                { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
                { action: "Ignore", onExitCodes: { containerName: "trainer", operator: "In", values: [PEER_LOST] } },
                { action: "FailJob", onExitCodes: { containerName: "trainer", operator: "In", values: [NOT_RETRYABLE] } },
            ],
        },
        template: {
            metadata: {
                labels: runLabels(s.runId),
                annotations: {
                    "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
                    ...storageAnnotations([s.checkpoints, s.data, ...s.volumes]),
                },
            },
            spec: podSpec(s),
        },
    };
}

function podSpec(s: TrainingSettings): types.input.core.v1.PodSpec {
    const volumes = [
        tmp(s.ephemeralStorage),
        sharedMemory(s.sharedMemory),
        mounted("checkpoints", CHECKPOINTS, s.checkpoints, false),
        ...(s.data === undefined ? [] : [mounted("data", DATA, s.data, true)]),
        ...mountedAt(s.volumes),
        ...secretVolumes(secretOwner(s.runId), s.secrets),
    ];
    return {
        ...gpuPod(s),
        restartPolicy: "Never",
        subdomain: s.nodes > 1 ? s.name : undefined,
        terminationGracePeriodSeconds: s.graceSeconds,
        containers: [
            {
                name: "trainer",
                image: s.image,
                command: s.command && [...s.command],
                args: s.args.length === 0 ? undefined : [...s.args],
                env: environment(s),
                envFrom: secretSources(s.secrets),
                resources: resources(s, s.placement.gpus),
                securityContext: CONTAINER_SECURITY,
                terminationMessagePath: TERMINATION_LOG,
                terminationMessagePolicy: "FallbackToLogsOnError",
                // The first heartbeat may wait until data is read. After that, missing heartbeats count.
                startupProbe: {
                    exec: { command: ["test", "-e", HEARTBEAT] },
                    periodSeconds: 5,
                    failureThreshold: FIRST_HEARTBEAT_SECONDS / 5,
                },
                livenessProbe: {
                    exec: { command: ["sh", "-c", `test $(($(date +%s) - $(stat -c %Y ${HEARTBEAT}))) -lt ${HEARTBEAT_SECONDS}`] },
                    periodSeconds: 30,
                    failureThreshold: 2,
                    timeoutSeconds: 5,
                },
                volumeMounts: volumes.map((v) => v.mount),
            },
        ],
        volumes: volumes.map((v) => v.volume),
    };
}

function environment(s: TrainingSettings): types.input.core.v1.EnvVar[] {
    const variables = {
        RUN_ID: s.runId,
        REPORT_FILE: TERMINATION_LOG,
        CHECKPOINT_DIR: CHECKPOINTS,
        DEADLINE_SECONDS: String(s.activeDeadlineSeconds),
        ...(s.data === undefined ? {} : { DATA_DIR: DATA }),
        ...meeting(s),
        ...s.env,
    };
    const plain = Object.entries(variables).map(([name, value]) => ({ name, value }));
    const valueFrom = { fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" } };
    const own = ["RANK", "PET_NODE_RANK"].map((name) => ({ name, valueFrom }));
    return [...plain, ...(s.nodes === 1 ? [] : own), ...secretEnvironment(secretOwner(s.runId), s.secrets)];
}

/**
 * Rendezvous variables of a run: for a process that joins by itself, one per pod, and for torchrun, one per GPU, with the prefix `PET_`. A single
 * pod with one GPU needs none.
 */
function meeting({ name, nodes, placement }: TrainingSettings): Record<string, string> {
    const port = String(RENDEZVOUS_PORT);
    const torchrun = (address: string) => ({
        PET_MASTER_ADDR: address,
        PET_MASTER_PORT: port,
        PET_NNODES: String(nodes),
        PET_NPROC_PER_NODE: String(placement.gpus),
    });
    if (nodes > 1) {
        const address = `${name}-0.${name}`;
        return { MASTER_ADDR: address, MASTER_PORT: port, WORLD_SIZE: String(nodes), ...torchrun(address) };
    }
    return placement.gpus > 1 ? { ...torchrun("localhost"), PET_NODE_RANK: "0" } : {};
}

/** Headless Service for pod discovery of a run on several nodes. */
export function rendezvousSpec(runId: string): types.input.core.v1.ServiceSpec {
    return {
        clusterIP: "None",
        selector: runLabels(runId),
        ports: [{ name: "rendezvous", port: RENDEZVOUS_PORT }],
        // Other pods look up the address of the first pod before it is ready.
        publishNotReadyAddresses: true,
    };
}

import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { nodeSelector, resources, tolerations, type ContainerSize, type GpuPlacement } from "./gpu";
import { CONTAINER_SECURITY, POD_SECURITY, tmp } from "./pod-security";
import { storageAnnotations, storageVolume, type Storage } from "./volumes";

/** Exit code of a trainer that would fail again. */
export const NOT_RETRYABLE = 42;

/** Exit code of a healthy trainer that had to stop because another pod of its run did. */
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

/** Where the kubelet reads what a container has to say at its end; the pod's status keeps it when the logs are gone. */
const TERMINATION_LOG = "/dev/termination-log";

/** Seconds without a heartbeat after which a pod counts as hung. */
const HEARTBEAT_SECONDS = 300;

/** Seconds that a pod has until its first heartbeat. */
const FIRST_HEARTBEAT_SECONDS = 900;

/** Port of the pods' rendezvous; the one after it is NCCL's. The network policy of the runs allows every port between their pods. */
const RENDEZVOUS_PORT = 29500;

/** Longest that a run's pods may wait for nodes, over all attempts: GPUs that are out of stock, or flex-start's queue. */
export const CAPACITY_WAIT_SECONDS = 7 * 86_400;

/** A training run, all decisions made. */
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
    /** Arguments of `python -m trainer`. */
    readonly args: readonly string[];
    readonly env: Readonly<Record<string, string>>;
    /** Kubernetes Secrets; their keys become environment variables. */
    readonly secrets: readonly string[];
    readonly checkpoints: Storage;
    readonly data?: Storage | undefined;
    /** Failures of its pods that the run survives; disruptions are not counted. */
    readonly backoffLimit: number;
    /** Longest that the run may train, in seconds, over all attempts. Waiting for nodes does not count. */
    readonly activeDeadlineSeconds: number;
    /** Seconds that the trainer gets to save a checkpoint; at most 15 on spot nodes, which Google takes back at that notice. */
    readonly graceSeconds: number;
    /** Seconds after which the finished Job is removed. Absent: it stays, as Pulumi owns it. */
    readonly ttlSecondsAfterFinished?: number | undefined;
    /** Pods of the run; more than one makes an Indexed Job with torchrun's variables. */
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

/** Job of one run. */
export function jobSpec(s: TrainingSettings): types.input.batch.v1.JobSpec {
    const several = s.nodes > 1;
    return {
        parallelism: s.nodes,
        completions: s.nodes,
        completionMode: several ? "Indexed" : "NonIndexed",
        backoffLimit: s.backoffLimit,
        // Counts while pods wait for their nodes as well, so it is only the outer limit: the trainer keeps the run's own (DEADLINE_SECONDS).
        activeDeadlineSeconds: s.activeDeadlineSeconds + CAPACITY_WAIT_SECONDS,
        ttlSecondsAfterFinished: s.ttlSecondsAfterFinished,
        suspend: s.queue === undefined ? undefined : true,
        // The first rule that matches decides: a pod that was disrupted while it exited with 42 was disrupted. When one pod of several ends,
        // the others end with a code of their own, so that all start again from one checkpoint: what counts is the end of the first, and
        // only where it was no disruption. Exit code 143 is in no rule: a SIGTERM without a disruption is the liveness probe's, or a
        // person's who deletes the pod, and the first of them would otherwise let a run that hangs start again without end.
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
                    ...storageAnnotations([s.checkpoints, s.data]),
                },
            },
            spec: podSpec(s),
        },
    };
}

function podSpec(s: TrainingSettings): types.input.core.v1.PodSpec {
    const volumes = [
        tmp(s.ephemeralStorage),
        {
            volume: { name: "shm", emptyDir: { medium: "Memory", sizeLimit: s.sharedMemory } },
            mount: { name: "shm", mountPath: "/dev/shm" },
        },
        mounted("checkpoints", CHECKPOINTS, s.checkpoints, false),
        ...(s.data === undefined ? [] : [mounted("data", DATA, s.data, true)]),
    ];
    return {
        serviceAccountName: s.serviceAccount,
        automountServiceAccountToken: false,
        securityContext: POD_SECURITY,
        restartPolicy: "Never",
        subdomain: s.nodes > 1 ? s.name : undefined,
        nodeSelector: nodeSelector(s.placement),
        tolerations: tolerations(s.placement),
        terminationGracePeriodSeconds: s.graceSeconds,
        containers: [
            {
                name: "trainer",
                image: s.image,
                args: s.args.length === 0 ? undefined : [...s.args],
                env: environment(s),
                envFrom: s.secrets.length === 0 ? undefined : s.secrets.map((name) => ({ secretRef: { name } })),
                resources: resources(s, s.placement.gpus),
                securityContext: CONTAINER_SECURITY,
                terminationMessagePath: TERMINATION_LOG,
                terminationMessagePolicy: "FallbackToLogsOnError",
                // The first heartbeat may wait for data to be read; from then on silence counts.
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

function mounted(name: string, mountPath: string, storage: Storage, readOnly: boolean) {
    return { volume: storageVolume(name, storage, readOnly), mount: { name, mountPath, readOnly } };
}

function environment(s: TrainingSettings): types.input.core.v1.EnvVar[] {
    const variables = {
        RUN_ID: s.runId,
        REPORT_FILE: TERMINATION_LOG,
        CHECKPOINT_DIR: CHECKPOINTS,
        DEADLINE_SECONDS: String(s.activeDeadlineSeconds),
        ...(s.data === undefined ? {} : { DATA_DIR: DATA }),
        ...(s.nodes === 1 ? {} : meeting(s)),
        ...s.env,
    };
    const plain = Object.entries(variables).map(([name, value]) => ({ name, value }));
    const valueFrom = { fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" } };
    const own = ["RANK", "PET_NODE_RANK"].map((name) => ({ name, valueFrom }));
    return [...plain, ...(s.nodes === 1 ? [] : own)];
}

/** How the pods of a run find each other: as a process that joins by itself reads it, one a pod, and as torchrun does, one a GPU, by its prefix PET_. */
function meeting({ name, nodes, placement }: TrainingSettings): Record<string, string> {
    const [address, port] = [`${name}-0.${name}`, String(RENDEZVOUS_PORT)];
    return {
        MASTER_ADDR: address,
        MASTER_PORT: port,
        WORLD_SIZE: String(nodes),
        PET_MASTER_ADDR: address,
        PET_MASTER_PORT: port,
        PET_NNODES: String(nodes),
        PET_NPROC_PER_NODE: String(placement.gpus),
    };
}

/** Headless Service for pod discovery of a run on several nodes. */
export function rendezvousSpec(runId: string): types.input.core.v1.ServiceSpec {
    return {
        clusterIP: "None",
        selector: runLabels(runId),
        ports: [{ name: "rendezvous", port: RENDEZVOUS_PORT }],
        // A worker asks for the first pod's address before that one is ready.
        publishNotReadyAddresses: true,
    };
}

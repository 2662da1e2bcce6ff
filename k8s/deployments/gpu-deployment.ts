import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { gpuPod, resources, type ContainerSize, type GpuPlacement } from "../gpu";
import { CONTAINER_SECURITY, sharedMemory, tmp } from "../pod-security";
import { livenessProbe, probeOf, type ProbeTimes, type Probes } from "../probes";
import { STARTUP_PERIOD_SECONDS, startupFailures, type Rollout } from "../rollout";
import { secretEnvironment, secretSources, secretVolumes, type PodSecret } from "../secrets/pod-secrets";
import { mounted, mountedAt, storageAnnotations, type MountedStorage, type Storage } from "../volumes";

/** Resolved settings of a Deployment on GPU nodes. */
export interface DeploymentSettings extends ContainerSize {
    readonly name: string;
    /** Image by digest. */
    readonly image: Input<string>;
    readonly serviceAccount: Input<string>;
    readonly placement: GpuPlacement;
    /** Initial number of pods. The autoscaler then owns the number. */
    readonly replicas: number;
    readonly rollout: Rollout;
    /** Seconds from the start of the container until it is ready. */
    readonly coldStartSeconds: number;
    /** Command that replaces the image's entrypoint. */
    readonly command?: readonly string[] | undefined;
    readonly args: readonly string[];
    readonly probes: Probes;
    readonly env: Readonly<Record<string, string>>;
    readonly secrets: readonly PodSecret[];
    /** Size of `/dev/shm`, such as `8Gi`; counts against {@link memory}. Absent: the container runtime's own, 64 MiB. */
    readonly sharedMemory?: string | undefined;
    /** Model directory; absent for the model inside the image. */
    readonly model?: Storage | undefined;
    readonly volumes: readonly MountedStorage[];
}

/** Settings that differ between kinds of Deployments. */
export interface PodPurpose {
    /** Labels that select the pods. */
    readonly selector: Record<string, string>;
    /** Further labels and annotations of the pods. */
    readonly labels?: Record<string, string>;
    readonly annotations?: Record<string, string>;
    /** Environment variables that are derived from other settings. */
    readonly derived: Readonly<Record<string, string>>;
    readonly ports?: types.input.core.v1.ContainerPort[];
    readonly readiness: ProbeTimes;
    readonly lifecycle?: types.input.core.v1.Lifecycle;
    readonly graceSeconds: number;
    readonly progressDeadlineSeconds: number;
}

/** Deployment on GPU nodes. */
export function gpuDeploymentSpec(s: DeploymentSettings, purpose: PodPurpose): types.input.apps.v1.DeploymentSpec {
    return {
        replicas: s.replicas,
        selector: { matchLabels: purpose.selector },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: s.rollout.maxSurge, maxUnavailable: s.rollout.maxUnavailable } },
        progressDeadlineSeconds: purpose.progressDeadlineSeconds,
        revisionHistoryLimit: 5,
        template: {
            metadata: {
                labels: { ...purpose.selector, ...purpose.labels },
                annotations: { ...storageAnnotations([s.model, ...s.volumes]), ...purpose.annotations },
            },
            spec: podSpec(s, purpose),
        },
    };
}

function podSpec(s: DeploymentSettings, purpose: PodPurpose): types.input.core.v1.PodSpec {
    const volumes = [
        tmp(s.ephemeralStorage),
        ...(s.sharedMemory === undefined ? [] : [sharedMemory(s.sharedMemory)]),
        ...(s.model === undefined ? [] : [mounted("model", "/model", s.model, true)]),
        ...mountedAt(s.volumes),
        ...secretVolumes(s.name, s.secrets),
    ];
    return {
        ...gpuPod(s),
        terminationGracePeriodSeconds: purpose.graceSeconds,
        topologySpreadConstraints: [
            {
                maxSkew: 1,
                topologyKey: "kubernetes.io/hostname",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: { matchLabels: purpose.selector },
            },
        ],
        containers: [
            {
                // GPU metrics have the name of the container and no pod labels, so the name identifies the workload in its namespace.
                name: s.name,
                image: s.image,
                command: s.command && [...s.command],
                args: s.args.length === 0 ? undefined : [...s.args],
                ports: purpose.ports,
                env: environment(s, purpose.derived),
                envFrom: secretSources(s.secrets),
                resources: resources(s, s.placement.gpus),
                securityContext: CONTAINER_SECURITY,
                startupProbe: probeOf(s.probes.ready, { periodSeconds: STARTUP_PERIOD_SECONDS, failureThreshold: startupFailures(s) }),
                readinessProbe: probeOf(s.probes.ready, purpose.readiness),
                livenessProbe: livenessProbe(s.probes),
                lifecycle: purpose.lifecycle,
                volumeMounts: volumes.map(({ mount }) => mount),
            },
        ],
        volumes: volumes.map(({ volume }) => volume),
    };
}

function environment(s: DeploymentSettings, derived: PodPurpose["derived"]): types.input.core.v1.EnvVar[] {
    const own = { ...derived, ...(s.model === undefined ? {} : { MODEL_DIR: "/model" }) };
    const plain = Object.entries({ ...own, ...s.env }).map(([name, value]) => ({ name, value }));
    const secrets = secretEnvironment(s.name, s.secrets);
    return [...plain, ...(THREADS.name in s.env ? [] : [THREADS]), ...secrets];
}

/**
 * Threads of one prediction: the CPUs that the pod requests, rounded up. The container has no CPU limit to read them from.
 * https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#downwardapi-resourceFieldRef
 */
const THREADS = { name: "INFERENCE_THREADS", valueFrom: { resourceFieldRef: { resource: "requests.cpu", divisor: "1" } } };

/** One pod may be drained at a time. A pod that is not ready does no work and never blocks a drain. */
export function disruptionBudgetSpec(selector: Record<string, string>): types.input.policy.v1.PodDisruptionBudgetSpec {
    return { maxUnavailable: 1, selector: { matchLabels: selector }, unhealthyPodEvictionPolicy: "AlwaysAllow" };
}

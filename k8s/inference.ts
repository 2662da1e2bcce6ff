import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";
import { nodeSelector, resources, tolerations, type ContainerSize, type GpuPlacement } from "./gpu";
import { CONTAINER_SECURITY, POD_SECURITY, tmp } from "./pod-security";
import { STARTUP_PERIOD_SECONDS, preStopSeconds, progressDeadlineSeconds, serviceGraceSeconds, startupFailures } from "./rollout";
import type { Rollout, ServiceTimes } from "./rollout";
import { storageAnnotations, storageVolume, type Storage } from "./volumes";

/** Port that the image listens on. */
export const SERVICE_PORT = 8000;

/** A service, all decisions made. */
export interface InferenceSettings extends ServiceTimes, ContainerSize {
    readonly name: string;
    /** Image by digest. */
    readonly image: Input<string>;
    readonly serviceAccount: Input<string>;
    readonly placement: GpuPlacement;
    /** Pods at the start. The autoscaler owns the number from then on. */
    readonly replicas: number;
    readonly rollout: Rollout;
    readonly env: Readonly<Record<string, string>>;
    /** Model directory; absent for the model inside the image. */
    readonly model?: Storage | undefined;
}

/** The label that Deployment, Service, PodDisruptionBudget and NetworkPolicy select a service's pods by. */
export function serviceLabels(name: string): Record<string, string> {
    return { "app.kubernetes.io/name": name, "app.kubernetes.io/component": "inference" };
}

/** Label that GKE's AutoscalingMetric selects the pods of a service with: before GKE 1.37 it takes names without special characters only. */
export const METRIC_LABEL = "inference-service";

/** Deployment of a service. */
export function deploymentSpec(s: InferenceSettings): types.input.apps.v1.DeploymentSpec {
    return {
        replicas: s.replicas,
        selector: { matchLabels: serviceLabels(s.name) },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: s.rollout.maxSurge, maxUnavailable: s.rollout.maxUnavailable } },
        progressDeadlineSeconds: progressDeadlineSeconds(s),
        revisionHistoryLimit: 5,
        template: {
            metadata: { labels: { ...serviceLabels(s.name), [METRIC_LABEL]: s.name }, annotations: storageAnnotations([s.model]) },
            spec: podSpec(s),
        },
    };
}

function podSpec(s: InferenceSettings): types.input.core.v1.PodSpec {
    const { volume, mount } = tmp(s.ephemeralStorage);
    return {
        serviceAccountName: s.serviceAccount,
        // With Workload Identity the credential comes from the metadata server; the API server's token is not needed.
        automountServiceAccountToken: false,
        securityContext: POD_SECURITY,
        nodeSelector: nodeSelector(s.placement),
        tolerations: tolerations(s.placement),
        terminationGracePeriodSeconds: serviceGraceSeconds(s),
        topologySpreadConstraints: [
            {
                maxSkew: 1,
                topologyKey: "kubernetes.io/hostname",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: { matchLabels: serviceLabels(s.name) },
            },
        ],
        containers: [
            {
                // GPU metrics carry the name of the container and none of the pod's labels: it tells one service of the namespace from another.
                name: s.name,
                image: s.image,
                ports: [{ name: "http", containerPort: SERVICE_PORT }],
                env: environment(s),
                resources: resources(s, s.placement.gpus),
                securityContext: CONTAINER_SECURITY,
                startupProbe: {
                    httpGet: { path: "/ready", port: "http" },
                    periodSeconds: STARTUP_PERIOD_SECONDS,
                    failureThreshold: startupFailures(s),
                    timeoutSeconds: 3,
                },
                readinessProbe: { httpGet: { path: "/ready", port: "http" }, periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 3 },
                livenessProbe: { httpGet: { path: "/health", port: "http" }, periodSeconds: 10, failureThreshold: 3, timeoutSeconds: 3 },
                lifecycle: { preStop: { sleep: { seconds: preStopSeconds(s) } } },
                volumeMounts: [mount, ...(s.model === undefined ? [] : [{ name: "model", mountPath: "/model", readOnly: true }])],
            },
        ],
        volumes: [volume, ...(s.model === undefined ? [] : [storageVolume("model", s.model, true)])],
    };
}

function environment(s: InferenceSettings): types.input.core.v1.EnvVar[] {
    const own = {
        PORT: String(SERVICE_PORT),
        DRAIN_SECONDS: String(s.drainSeconds),
        ...(s.model === undefined ? {} : { MODEL_DIR: "/model" }),
    };
    const plain = Object.entries({ ...own, ...s.env }).map(([name, value]) => ({ name, value }));
    return THREADS.name in s.env ? plain : [...plain, THREADS];
}

/**
 * Threads of one prediction: the whole CPUs of the pod's request, rounded up. The container has no CPU limit to read them from.
 * https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#downwardapi-resourceFieldRef
 */
const THREADS = { name: "INFERENCE_THREADS", valueFrom: { resourceFieldRef: { resource: "requests.cpu", divisor: "1" } } };

/** Service in front of the pods: port 80, inside the cluster. */
export function serviceSpec(name: string): types.input.core.v1.ServiceSpec {
    return { type: "ClusterIP", selector: serviceLabels(name), ports: [{ name: "http", port: 80, targetPort: "http" }] };
}

/** One pod may be drained at a time. A pod that is not ready serves nobody and never blocks a drain. */
export function disruptionBudgetSpec(name: string): types.input.policy.v1.PodDisruptionBudgetSpec {
    return { maxUnavailable: 1, selector: { matchLabels: serviceLabels(name) }, unhealthyPodEvictionPolicy: "AlwaysAllow" };
}

import type { types } from "@pulumi/kubernetes";
import { gpuDeploymentSpec, type DeploymentSettings } from "./gpu-deployment";
import { READINESS } from "../probes";
import { preStopSeconds, progressDeadlineSeconds, serviceGraceSeconds, type ReplicaWork, type ServiceTimes } from "../rollout";

/** Resolved settings of a service. */
export interface InferenceSettings extends ServiceTimes, DeploymentSettings {
    /** Port that the container listens on. */
    readonly port: number;
}

/** The label that Deployment, Service, PodDisruptionBudget and NetworkPolicy select a service's pods by. */
export function serviceLabels(name: string): Record<string, string> {
    return { "app.kubernetes.io/name": name, "app.kubernetes.io/component": "inference" };
}

/** The work that a rollout on a full pool interrupts. */
export const SERVICE_WORK: ReplicaWork = { none: "the service answers nothing", some: "answer" };

/** Label with which GKE's AutoscalingMetric selects the pods of a service. Before GKE 1.37, its name must not contain special characters. */
export const METRIC_LABEL = "inference-service";

/** Deployment of a service. */
export function deploymentSpec(s: InferenceSettings): types.input.apps.v1.DeploymentSpec {
    return gpuDeploymentSpec(s, {
        selector: serviceLabels(s.name),
        labels: { [METRIC_LABEL]: s.name },
        derived: { PORT: String(s.port), DRAIN_SECONDS: String(s.drainSeconds) },
        ports: [{ name: "http", containerPort: s.port }],
        readiness: READINESS,
        lifecycle: { preStop: { sleep: { seconds: preStopSeconds(s) } } },
        graceSeconds: serviceGraceSeconds(s),
        progressDeadlineSeconds: progressDeadlineSeconds(s),
    });
}

/** Service in front of the pods: port 80, inside the cluster. */
export function serviceSpec(name: string): types.input.core.v1.ServiceSpec {
    return { type: "ClusterIP", selector: serviceLabels(name), ports: [{ name: "http", port: 80, targetPort: "http" }] };
}

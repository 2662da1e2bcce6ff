import type { types } from "@pulumi/kubernetes";
import { gpuDeploymentSpec, type DeploymentSettings } from "./gpu-deployment";
import { WORKER_READINESS } from "../probes";
import { workerGraceSeconds, workerProgressSeconds, type ReplicaWork, type WorkerTimes } from "../rollout";

/** Resolved settings of a worker. */
export interface WorkerSettings extends WorkerTimes, DeploymentSettings {}

/** The labels that Deployment, PodDisruptionBudget and NetworkPolicy select a worker's pods by. */
export function workerLabels(name: string): Record<string, string> {
    return { "app.kubernetes.io/name": name, "app.kubernetes.io/component": "worker" };
}

/** The work that a rollout on a full pool interrupts. */
export const WORKER_WORK: ReplicaWork = { none: "no task is taken", some: "take tasks" };

/**
 * Maximum time that GKE's cluster autoscaler waits for the pods of a node that it removes.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/extended-duration-pods
 */
const AUTOSCALER_GRACE_SECONDS = 600;

/** Deployment of a worker. It has no `preStop` hook: a queue consumer stops taking tasks at SIGTERM, and nothing sends it requests. */
export function workerDeploymentSpec(s: WorkerSettings): types.input.apps.v1.DeploymentSpec {
    const graceSeconds = workerGraceSeconds(s);
    return gpuDeploymentSpec(s, {
        selector: workerLabels(s.name),
        // The autoscaler then removes a node only after the pod has ended.
        annotations: graceSeconds > AUTOSCALER_GRACE_SECONDS ? { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" } : {},
        derived: { DRAIN_SECONDS: String(s.drainSeconds) },
        readiness: WORKER_READINESS,
        graceSeconds,
        progressDeadlineSeconds: workerProgressSeconds(s),
    });
}

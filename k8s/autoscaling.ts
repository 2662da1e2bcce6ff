import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";

type HpaSpec = types.input.autoscaling.v2.HorizontalPodAutoscalerSpec;
type Metric = types.input.autoscaling.v2.MetricSpec;

/** Load that scales a service between its bounds. */
export interface Load {
    readonly metric: "requests-in-flight" | "gpu-duty-cycle";
    /** Target average per pod: requests, or percent. */
    readonly target: number;
}

/** Load that scales a worker between its bounds. */
export interface QueueLoad {
    readonly metric: "queue-length";
    /** Target average per pod: tasks. */
    readonly target: number;
}

/** The autoscaler of a service or a worker. */
export interface AutoscalerSettings {
    /** Name of the Deployment, and of the AutoscalingMetric. */
    readonly name: string;
    readonly min: number;
    readonly max: number;
    /** Absent for a fixed number of pods. */
    readonly load?: Load | QueueLoad | undefined;
    /** Seconds from the start of a pod until it takes load. */
    readonly coldStartSeconds: number;
}

/**
 * Autoscaler of a service or a worker. A fixed number of pods has one too, with equal bounds: the autoscaler owns the number in both modes, and a change between them changes the
 * bounds only. Otherwise Pulumi would set the number before it deletes the autoscaler, which could change the number again in between.
 */
export function autoscalerSpec(s: AutoscalerSettings): HpaSpec {
    return {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: s.name },
        minReplicas: s.min,
        maxReplicas: s.max,
        metrics: s.load && [metric(s.name, s.load)],
        behavior: {
            scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: "Pods", value: 2, periodSeconds: 60 }] },
            // A pod that stops too early needs a full cold start to return.
            scaleDown: {
                stabilizationWindowSeconds: Math.min(3600, Math.max(300, 2 * s.coldStartSeconds)),
                policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
            },
        },
    };
}

function metric(name: string, load: Load | QueueLoad): Metric {
    const target = { type: "AverageValue", averageValue: String(load.target) };
    const reference = { name: `autoscaling.gke.io|${name}|${load.metric}` };
    switch (load.metric) {
        case "requests-in-flight":
            return { type: "Pods", pods: { metric: reference, target } };
        case "gpu-duty-cycle":
        case "queue-length":
            return { type: "External", external: { metric: reference, target } };
    }
}

/** Source of the load of a service. */
export interface MetricSource {
    readonly load: Load;
    /** Labels of the pods; label names must not contain special characters before GKE 1.37. */
    readonly podLabels: Record<string, string>;
    readonly port: number;
    /** PromQL that sums the duty cycle of the service's GPUs, in percent of one pod's. */
    readonly dutyCycle: Input<string>;
}

/**
 * GKE's AutoscalingMetric: its managed adapter reads the gauge from the pods, or asks Managed Service for Prometheus, and serves the metrics APIs that the autoscaler
 * reads. From pods: GKE 1.37.0-gke.3100000, in preview from 1.36.4-gke.1247000, with the HPA profile `performance`; by PromQL: in preview.
 * https://docs.cloud.google.com/kubernetes-engine/docs/how-to/autoscale-using-metrics
 */
export function autoscalingMetricSpec({ load, podLabels, port, dutyCycle }: MetricSource) {
    switch (load.metric) {
        case "requests-in-flight": {
            const gauge = { name: load.metric, prometheusMetricName: "inference_requests_in_flight" };
            const containers = [{ endpoint: { port, path: "/metrics" }, metrics: [{ gauge }] }];
            return { metrics: [{ pod: { selector: { matchLabels: podLabels }, containers } }] };
        }
        case "gpu-duty-cycle":
            return promqlMetricSpec(load.metric, dutyCycle);
    }
}

/** GKE's AutoscalingMetric for the result of a PromQL query: one value, for all pods together, such as the number of tasks in a queue. */
export function promqlMetricSpec(name: (Load | QueueLoad)["metric"], query: Input<string>) {
    return { metrics: [{ promql: { name, query } }] };
}

/** The pods that are measured. */
interface GpuUser {
    readonly name: string;
    readonly namespace: string;
    readonly cluster: string | undefined;
    /** GPUs of one pod. */
    readonly gpus: number;
}

/**
 * PromQL: duty cycle of the GPUs of a service, in percent, summed over its pods. GKE's managed DCGM exports `DCGM_FI_DEV_GPU_UTIL`
 * (https://docs.cloud.google.com/kubernetes-engine/docs/how-to/dcgm-metrics). DCGM labels a GPU with the container that uses it, and the collector keeps such labels
 * with the prefix `exported_` when they collide with its labels (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#scrape_config).
 */
export function dutyCycleQuery(s: GpuUser): string {
    const labels = { cluster: s.cluster, exported_namespace: s.namespace, exported_container: s.name };
    const selector = Object.entries(labels).flatMap(([label, value]) => (value === undefined ? [] : [`${label}="${value}"`]));
    return `sum(DCGM_FI_DEV_GPU_UTIL{${selector.join(",")}}) / ${s.gpus}`;
}

/** Managed Prometheus's collection of a service's `/metrics`. */
export function podMonitoringSpec(labels: Record<string, string>) {
    return { selector: { matchLabels: labels }, endpoints: [{ port: "http", path: "/metrics", interval: "15s" }] };
}

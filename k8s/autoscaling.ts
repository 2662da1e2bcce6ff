import type { types } from "@pulumi/kubernetes";
import type { Input } from "@pulumi/pulumi";

type Metric = types.input.autoscaling.v2.MetricSpec;

/** What an autoscaler goes by. Names are those of managed Prometheus. https://cloud.google.com/kubernetes-engine/docs/how-to/machine-learning/inference/autoscaling */
export interface AutoscalingSettings {
    /** Deployment whose replicas it owns. */
    readonly name: string;
    readonly namespace: Input<string>;
    readonly min: number;
    readonly max: number;
    readonly metric: "requests-in-flight" | "gpu-duty-cycle";
    /** Average per replica. */
    readonly target: number;
    /** From the pod's start until it can take a share of the load, in seconds. */
    readonly coldStartSeconds: number;
}

/** Autoscaler of a service. */
export function autoscalerSpec(s: AutoscalingSettings): types.input.autoscaling.v2.HorizontalPodAutoscalerSpec {
    return {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: s.name },
        minReplicas: s.min,
        maxReplicas: s.max,
        metrics: [metric(s)],
        behavior: {
            scaleUp: { stabilizationWindowSeconds: 0, policies: [{ type: "Pods", value: 2, periodSeconds: 60 }] },
            // A replica given up too early costs a whole cold start to get back.
            scaleDown: {
                stabilizationWindowSeconds: Math.min(3600, Math.max(300, 2 * s.coldStartSeconds)),
                policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
            },
        },
    };
}

function metric(s: AutoscalingSettings): Metric {
    const target = { type: "AverageValue", averageValue: String(s.target) };
    switch (s.metric) {
        case "requests-in-flight":
            return { type: "Pods", pods: { metric: { name: "prometheus.googleapis.com|inference_requests_in_flight|gauge" }, target } };
        case "gpu-duty-cycle":
            return {
                type: "External",
                external: {
                    metric: {
                        name: "prometheus.googleapis.com|dcgm_fi_dev_gpu_util|unknown",
                        selector: {
                            matchLabels: { "metric.labels.exported_container": s.name, "metric.labels.exported_namespace": s.namespace },
                        },
                    },
                    target,
                },
            };
    }
}

/** Managed Prometheus's collection of a service's `/metrics`. */
export function podMonitoringSpec(labels: Record<string, string>) {
    return { selector: { matchLabels: labels }, endpoints: [{ port: "http", path: "/metrics", interval: "15s" }] };
}

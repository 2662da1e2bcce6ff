import type { KubeObject } from "../../kube/objects";

/**
 * GKE's resource that defines which gauges pods export, and where.
 * https://docs.cloud.google.com/kubernetes-engine/docs/how-to/autoscale-using-metrics
 */
export interface AutoscalingMetric extends KubeObject {
    readonly spec?: { readonly metrics?: readonly { readonly pod?: PodSource }[] };
}

interface PodSource {
    readonly containers?: readonly {
        readonly endpoint?: { readonly port?: number; readonly path?: string };
        readonly metrics?: readonly { readonly gauge?: { readonly name?: string; readonly prometheusMetricName?: string } }[];
    }[];
}

/** Endpoint and name of a gauge. */
export interface GaugeSource {
    readonly port: number;
    readonly path: string;
    readonly prometheusName: string;
}

/** Parses the metric name of an autoscaler: `autoscaling.gke.io|<AutoscalingMetric>|<gauge>`. */
export function metricNames(reference: string): { readonly resource: string; readonly gauge: string } | undefined {
    const [group, resource, gauge, ...rest] = reference.split("|");
    return group === "autoscaling.gke.io" && resource && gauge && rest.length === 0 ? { resource, gauge } : undefined;
}

/** Returns where pods export a gauge; undefined if the resource does not define it. */
export function gaugeSource({ spec }: AutoscalingMetric, gauge: string): GaugeSource | undefined {
    const containers = (spec?.metrics ?? []).flatMap(({ pod }) => pod?.containers ?? []);
    for (const { endpoint, metrics = [] } of containers) {
        const found = metrics.find((metric) => metric.gauge?.name === gauge)?.gauge;
        if (found !== undefined && endpoint?.port !== undefined) {
            return { port: endpoint.port, path: endpoint.path ?? "/metrics", prometheusName: found.prometheusMetricName ?? gauge };
        }
    }
    return undefined;
}

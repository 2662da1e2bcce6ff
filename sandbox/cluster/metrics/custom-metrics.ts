import type { KubeApi } from "../../kube/api";
import type { Pod } from "../../kube/objects";
import { gaugeSource, metricNames, type AutoscalingMetric, type GaugeSource } from "./autoscaling-metric";

/** Version of the custom metrics API that current Kubernetes autoscalers prefer. */
export const CUSTOM_METRICS = "custom.metrics.k8s.io/v1beta2";

const SCRAPE_WITHIN_MS = 3_000;
const PODS = /^\/apis\/custom\.metrics\.k8s\.io\/v1beta2\/namespaces\/([^/]+)\/pods\/(?:\*|%2A)\/([^/]+)$/;

/** Sources of the metrics. */
export interface Sources {
    readonly api: Pick<KubeApi, "get" | "find">;
    /** Whether a node is simulated. Pods on simulated nodes do not respond. */
    readonly isSimulated: (node: string) => boolean;
    /** Fetches a metrics page from a pod. */
    readonly scrape?: (address: string) => Promise<string>;
}

/** A response of the metrics API. */
export interface Answer {
    readonly status: number;
    readonly body: object;
}

/**
 * Answers a custom metrics request as GKE's managed adapter does: finds the metric in its AutoscalingMetric and reads the gauge from each
 * running pod. Pods that do not respond and pods on simulated nodes have no value; the autoscaler handles that.
 */
export async function customMetrics(url: URL, { api, isSimulated, scrape = read }: Sources): Promise<Answer> {
    if (url.pathname === `/apis/${CUSTOM_METRICS}`) {
        return { status: 200, body: { kind: "APIResourceList", apiVersion: "v1", groupVersion: CUSTOM_METRICS, resources: [] } };
    }
    const [, namespace, reference] = PODS.exec(url.pathname) ?? [];
    if (namespace === undefined || reference === undefined) {
        return notFound(url.pathname);
    }
    const metric = decodeURIComponent(reference);
    const source = await sourceOf(api, namespace, metric);
    if (source === undefined) {
        return notFound(`metric ${metric} in namespace ${namespace}`);
    }
    const selector = encodeURIComponent(url.searchParams.get("labelSelector") ?? "");
    const { items } = await api.get<{ readonly items: readonly Pod[] }>(`/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`);
    const running = items.filter(({ spec, status }) => status?.phase === "Running" && !isSimulated(spec.nodeName ?? ""));
    const values = await Promise.all(running.map((pod) => valueOf(pod, metric, source, scrape)));
    return {
        status: 200,
        body: { kind: "MetricValueList", apiVersion: CUSTOM_METRICS, metadata: {}, items: values.filter((value) => value !== undefined) },
    };
}

async function sourceOf(api: Sources["api"], namespace: string, metric: string): Promise<GaugeSource | undefined> {
    const names = metricNames(metric);
    if (names === undefined) {
        return undefined;
    }
    const path = `/apis/autoscaling.gke.io/v1beta1/namespaces/${namespace}/autoscalingmetrics/${names.resource}`;
    const resource = await api.find<AutoscalingMetric>(path);
    return resource === undefined ? undefined : gaugeSource(resource, names.gauge);
}

async function valueOf(
    pod: Pod,
    metric: string,
    { port, path, prometheusName }: GaugeSource,
    scrape: (address: string) => Promise<string>,
) {
    const { name, namespace } = pod.metadata;
    try {
        const value = gaugeIn(await scrape(`http://${pod.status?.podIP ?? ""}:${port}${path}`), prometheusName);
        if (value === undefined) {
            return undefined;
        }
        return {
            describedObject: { kind: "Pod", apiVersion: "v1", namespace, name },
            metric: { name: metric, selector: null },
            timestamp: new Date().toISOString().replace(/\.\d+Z$/, "Z"),
            value: `${Math.round(1000 * value)}m`,
        };
    } catch {
        return undefined;
    }
}

async function read(address: string): Promise<string> {
    const response = await fetch(address, { signal: AbortSignal.timeout(SCRAPE_WITHIN_MS) });
    if (!response.ok) {
        throw new Error(`${address} answers ${response.status}`);
    }
    return response.text();
}

function notFound(what: string): Answer {
    const message = `${what} not found`;
    return { status: 404, body: { kind: "Status", apiVersion: "v1", status: "Failure", reason: "NotFound", code: 404, message } };
}

/**
 * Reads a gauge from the Prometheus text format; undefined if it is missing, or if several series have the name.
 * https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function gaugeIn(text: string, name: string): number | undefined {
    const samples = text.split("\n").flatMap((line) => {
        const [, metric, value] = /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{.*\})?\s+(\S+)/.exec(line) ?? [];
        return metric === name && Number.isFinite(Number(value)) ? [Number(value)] : [];
    });
    return samples.length === 1 ? samples[0] : undefined;
}

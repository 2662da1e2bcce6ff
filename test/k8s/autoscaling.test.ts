import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import {
    autoscalerSpec,
    autoscalingMetricSpec,
    dutyCycleQuery,
    podMonitoringSpec,
    promqlMetricSpec,
    type AutoscalerSettings,
    type Load,
} from "../../k8s/autoscaling";

const requests: Load = { metric: "requests-in-flight", target: 8 };
const dutyCycle: Load = { metric: "gpu-duty-cycle", target: 60 };
const settings: AutoscalerSettings = { name: "digits", min: 1, max: 4, load: requests, coldStartSeconds: 120 };
const source = { podLabels: { "inference-service": "digits" }, port: 8000, dutyCycle: "sum(x)" };

describe("autoscaling", () => {
    it("owns the Deployment's replicas between its bounds", () => {
        expect(autoscalerSpec(settings)).to.deep.include({
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "digits" },
            minReplicas: 1,
            maxReplicas: 4,
        });
    });

    it("needs no metric for a fixed number", () => {
        expect(autoscalerSpec({ ...settings, min: 3, max: 3, load: undefined })).to.deep.include({
            minReplicas: 3,
            maxReplicas: 3,
            metrics: undefined,
        });
    });

    it("divides the tasks of a queue by the pods, under the name that the AutoscalingMetric gives them", () => {
        const query = 'sum(redis_key_size{key="predictions"})';
        expect(autoscalerSpec({ ...settings, load: { metric: "queue-length", target: 20 } }).metrics).to.deep.equal([
            {
                type: "External",
                external: {
                    metric: { name: "autoscaling.gke.io|digits|queue-length" },
                    target: { type: "AverageValue", averageValue: "20" },
                },
            },
        ]);
        expect(promqlMetricSpec("queue-length", query)).to.deep.equal({ metrics: [{ promql: { name: "queue-length", query } }] });
    });

    it("reads the requests in flight of each pod by the name that the AutoscalingMetric gives them", () => {
        expect(autoscalerSpec(settings).metrics).to.deep.equal([
            {
                type: "Pods",
                pods: {
                    metric: { name: "autoscaling.gke.io|digits|requests-in-flight" },
                    target: { type: "AverageValue", averageValue: "8" },
                },
            },
        ]);
        expect(autoscalingMetricSpec({ ...source, load: requests })).to.deep.equal({
            metrics: [
                {
                    pod: {
                        selector: { matchLabels: { "inference-service": "digits" } },
                        containers: [
                            {
                                endpoint: { port: 8000, path: "/metrics" },
                                metrics: [{ gauge: { name: "requests-in-flight", prometheusMetricName: "inference_requests_in_flight" } }],
                            },
                        ],
                    },
                },
            ],
        });
    });

    it("scales by a metric that the service's image exports", () => {
        const exported = readFileSync(path.join(__dirname, "..", "..", "docker", "common", "serving", "observe", "metrics.py"), "utf8");
        expect(exported).to.match(/Gauge\(\s*"inference_requests_in_flight"/);
    });

    it("queries managed Prometheus for the duty cycle of the service's own GPUs, per pod", () => {
        expect(autoscalerSpec({ ...settings, load: dutyCycle }).metrics).to.deep.equal([
            {
                type: "External",
                external: {
                    metric: { name: "autoscaling.gke.io|digits|gpu-duty-cycle" },
                    target: { type: "AverageValue", averageValue: "60" },
                },
            },
        ]);
        expect(autoscalingMetricSpec({ ...source, load: dutyCycle })).to.deep.equal({
            metrics: [{ promql: { name: "gpu-duty-cycle", query: "sum(x)" } }],
        });
        const user = { name: "digits", namespace: "inference", gpus: 2 };
        expect(dutyCycleQuery({ ...user, cluster: "ml" })).to.equal(
            'sum(DCGM_FI_DEV_GPU_UTIL{cluster="ml",exported_namespace="inference",exported_container="digits"}) / 2',
        );
        expect(dutyCycleQuery({ ...user, cluster: undefined })).to.equal(
            'sum(DCGM_FI_DEV_GPU_UTIL{exported_namespace="inference",exported_container="digits"}) / 2',
        );
    });

    it("removes a replica only after twice its cold start, at least five minutes and at most an hour", () => {
        const window = (coldStartSeconds: number) => autoscalerSpec({ ...settings, coldStartSeconds }).behavior;
        expect(window(10)).to.have.nested.property("scaleDown.stabilizationWindowSeconds", 300);
        expect(window(200)).to.have.nested.property("scaleDown.stabilizationWindowSeconds", 400);
        expect(window(9000)).to.have.nested.property("scaleDown.stabilizationWindowSeconds", 3600);
    });

    it("collects the service's metrics", () => {
        expect(podMonitoringSpec({ app: "digits" })).to.deep.equal({
            selector: { matchLabels: { app: "digits" } },
            endpoints: [{ port: "http", path: "/metrics", interval: "15s" }],
        });
    });

    it("adds at most two pods a minute, and removes one a minute after twice a cold start, in at least 5 minutes and at most an hour", () => {
        const behavior = (coldStartSeconds: number) => autoscalerSpec({ ...settings, coldStartSeconds }).behavior;
        const scaleUp = { stabilizationWindowSeconds: 0, policies: [{ type: "Pods", value: 2, periodSeconds: 60 }] };
        const scaleDown = (seconds: number) => ({
            stabilizationWindowSeconds: seconds,
            policies: [{ type: "Pods", value: 1, periodSeconds: 60 }],
        });
        expect([1, 150, 151, 1800, 1801].map(behavior)).to.deep.equal(
            [300, 300, 302, 3600, 3600].map((seconds) => ({ scaleUp, scaleDown: scaleDown(seconds) })),
        );
    });
});

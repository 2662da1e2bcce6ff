import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { autoscalerSpec, podMonitoringSpec, type AutoscalingSettings } from "../../k8s/autoscaling";

const settings: AutoscalingSettings = {
    name: "digits",
    namespace: "inference",
    min: 1,
    max: 4,
    metric: "requests-in-flight",
    target: 8,
    coldStartSeconds: 120,
};

describe("autoscaling", () => {
    it("owns the Deployment's replicas between its bounds", () => {
        expect(autoscalerSpec(settings)).to.deep.include({
            scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "digits" },
            minReplicas: 1,
            maxReplicas: 4,
        });
    });

    it("goes by the requests in flight of each pod", () => {
        const metric = { name: "prometheus.googleapis.com|inference_requests_in_flight|gauge" };
        expect(autoscalerSpec(settings).metrics).to.deep.equal([
            { type: "Pods", pods: { metric, target: { type: "AverageValue", averageValue: "8" } } },
        ]);
    });

    it("goes by a metric that the service's image exports", () => {
        const exported = readFileSync(path.join(__dirname, "..", "..", "docker", "inference", "service", "metrics.py"), "utf8");
        expect(exported).to.match(/Gauge\(\s*"inference_requests_in_flight"/);
    });

    it("goes by the duty cycle of the service's own GPUs", () => {
        expect(autoscalerSpec({ ...settings, metric: "gpu-duty-cycle" }).metrics)
            .to.have.nested.property("[0].external.metric")
            .that.deep.equals({
                name: "prometheus.googleapis.com|dcgm_fi_dev_gpu_util|unknown",
                selector: {
                    matchLabels: { "metric.labels.exported_container": "digits", "metric.labels.exported_namespace": "inference" },
                },
            });
    });

    it("gives a replica up only after twice the time that it takes to get it back, at least five minutes and at most an hour", () => {
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
});

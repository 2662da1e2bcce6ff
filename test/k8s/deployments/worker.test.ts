import { expect } from "chai";
import { workerDeploymentSpec, workerLabels, type WorkerSettings } from "../../../k8s/deployments/worker";
import { containerOf, podOf } from "../pods";
import { common } from "./settings";

const health = { command: ["python3", "-m", "consumer.health"], timeoutSeconds: 10 };
const settings: WorkerSettings = {
    ...common,
    name: "scoring",
    image: "registry.example/worker@sha256:abc",
    serviceAccount: "scoring",
    drainSeconds: 300,
    env: { DEVICE: "cpu", QUEUE: "scoring" },
    secrets: ["broker"],
    volumes: [],
    probes: { ready: health, health, failureSeconds: 60 },
};
const annotationsOf = (spec: ReturnType<typeof workerDeploymentSpec>): unknown =>
    (spec.template as { metadata: { annotations: unknown } }).metadata.annotations;

describe("the Deployment of a worker", () => {
    it("has no port, and probes by commands", () => {
        const container = containerOf(workerDeploymentSpec(settings));
        const command = { exec: { command: health.command }, timeoutSeconds: 10 };
        expect(container).to.deep.include({
            name: "scoring",
            ports: undefined,
            startupProbe: { ...command, periodSeconds: 5, failureThreshold: 24 },
            readinessProbe: { ...command, periodSeconds: 10, failureThreshold: 3 },
            livenessProbe: { ...command, periodSeconds: 10, failureThreshold: 6 },
        });
    });

    it("receives SIGTERM immediately, and is killed only after the drain", () => {
        const spec = workerDeploymentSpec(settings);
        expect(containerOf(spec).lifecycle).to.equal(undefined);
        expect(podOf(spec).terminationGracePeriodSeconds).to.equal(305);
        expect(spec).to.include({ progressDeadlineSeconds: 600 + 305 + 120 });
    });

    it("is not evicted by the cluster autoscaler if that would shorten its drain", () => {
        const notEvicted = { "cluster-autoscaler.kubernetes.io/safe-to-evict": "false" };
        expect(annotationsOf(workerDeploymentSpec({ ...settings, drainSeconds: 595 }))).to.deep.equal({});
        expect(annotationsOf(workerDeploymentSpec({ ...settings, drainSeconds: 596 }))).to.deep.equal(notEvicted);
        expect(annotationsOf(workerDeploymentSpec({ ...settings, drainSeconds: 7200, model: { bucket: "models" } }))).to.deep.equal({
            "gke-gcsfuse/volumes": "true",
            ...notEvicted,
        });
    });

    it("has the drain, its variables and its Secrets in its environment, but no port", () => {
        const { env, envFrom } = containerOf(workerDeploymentSpec({ ...settings, model: { bucket: "models" } }));
        expect(env.map(({ name, value }) => [name, value])).to.deep.equal([
            ["DRAIN_SECONDS", "300"],
            ["MODEL_DIR", "/model"],
            ["DEVICE", "cpu"],
            ["QUEUE", "scoring"],
            ["INFERENCE_THREADS", undefined],
        ]);
        expect(envFrom).to.deep.equal([{ secretRef: { name: "broker" } }]);
    });

    it("selects its pods by labels that no service has", () => {
        expect(workerDeploymentSpec(settings).selector).to.deep.equal({ matchLabels: workerLabels("scoring") });
        expect(workerLabels("scoring")).to.deep.equal({ "app.kubernetes.io/name": "scoring", "app.kubernetes.io/component": "worker" });
    });
});

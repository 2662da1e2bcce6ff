import { expect } from "chai";
import { disruptionBudgetSpec } from "../../../k8s/deployments/gpu-deployment";
import { deploymentSpec, serviceLabels, serviceSpec, type InferenceSettings } from "../../../k8s/deployments/inference";
import { containerOf, podOf } from "../pods";
import { common } from "./settings";

const settings: InferenceSettings = {
    ...common,
    name: "digits",
    image: "registry.example/inference@sha256:abc",
    serviceAccount: "digits",
    drainSeconds: 30,
    env: { DEVICE: "cpu" },
    secrets: [],
    volumes: [],
    port: 8000,
    probes: { ready: { path: "/ready", timeoutSeconds: 3 }, health: { path: "/health", timeoutSeconds: 3 }, failureSeconds: 30 },
};

describe("inference", () => {
    it("runs any server: its command, port, probes, secrets and shared memory", () => {
        const spec = deploymentSpec({
            ...settings,
            command: ["vllm", "serve"],
            args: ["--model", "/model"],
            port: 9000,
            probes: {
                ready: { path: "/v1/models", timeoutSeconds: 5 },
                health: { command: ["test", "-e", "/tmp/ok"], timeoutSeconds: 2 },
                failureSeconds: 45,
            },
            secrets: ["hub"],
            sharedMemory: "8Gi",
        });
        const container = containerOf(spec);
        expect(container).to.deep.include({
            command: ["vllm", "serve"],
            args: ["--model", "/model"],
            ports: [{ name: "http", containerPort: 9000 }],
            envFrom: [{ secretRef: { name: "hub" } }],
            startupProbe: { httpGet: { path: "/v1/models", port: "http" }, periodSeconds: 5, failureThreshold: 24, timeoutSeconds: 5 },
            readinessProbe: { httpGet: { path: "/v1/models", port: "http" }, periodSeconds: 5, failureThreshold: 2, timeoutSeconds: 5 },
            livenessProbe: { exec: { command: ["test", "-e", "/tmp/ok"] }, periodSeconds: 10, failureThreshold: 5, timeoutSeconds: 2 },
        });
        expect(container.env).to.deep.include({ name: "PORT", value: "9000" });
        expect(container.volumeMounts).to.deep.include({ name: "shm", mountPath: "/dev/shm" });
        expect(podOf(spec).volumes).to.deep.include({ name: "shm", emptyDir: { medium: "Memory", sizeLimit: "8Gi" } });
    });

    it("starts with the given number of replicas", () => {
        expect(deploymentSpec(settings)).to.include({ replicas: 2, progressDeadlineSeconds: 720 });
    });

    it("applies the given rollout strategy", () => {
        expect(deploymentSpec(settings).strategy).to.deep.equal({
            type: "RollingUpdate",
            rollingUpdate: { maxSurge: 0, maxUnavailable: 1 },
        });
    });

    it("runs the image by digest, restricted, with the configured resources", () => {
        expect(containerOf(deploymentSpec(settings))).to.deep.include({
            image: "registry.example/inference@sha256:abc",
            resources: {
                requests: { cpu: "2", memory: "4Gi", "ephemeral-storage": "1Gi", "nvidia.com/gpu": "1" },
                limits: { memory: "4Gi", "ephemeral-storage": "1Gi", "nvidia.com/gpu": "1" },
            },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
            volumeMounts: [{ name: "tmp", mountPath: "/tmp" }],
        });
        expect(podOf(deploymentSpec(settings)).securityContext).to.deep.include({
            runAsNonRoot: true,
            runAsUser: 1000,
            seccompProfile: { type: "RuntimeDefault" },
        });
    });

    it("probes readiness at the start and later, and health as long as it runs", () => {
        const { startupProbe, readinessProbe, livenessProbe } = containerOf(deploymentSpec(settings));
        expect(startupProbe).to.deep.equal({
            httpGet: { path: "/ready", port: "http" },
            periodSeconds: 5,
            failureThreshold: 24,
            timeoutSeconds: 3,
        });
        expect(readinessProbe).to.deep.equal({
            httpGet: { path: "/ready", port: "http" },
            periodSeconds: 5,
            failureThreshold: 2,
            timeoutSeconds: 3,
        });
        expect(livenessProbe).to.deep.equal({
            httpGet: { path: "/health", port: "http" },
            periodSeconds: 10,
            failureThreshold: 3,
            timeoutSeconds: 3,
        });
    });

    it("spreads its pods over nodes if possible, and mounts the model read-only", () => {
        expect(podOf(deploymentSpec(settings)).topologySpreadConstraints).to.deep.equal([
            {
                maxSkew: 1,
                topologyKey: "kubernetes.io/hostname",
                whenUnsatisfiable: "ScheduleAnyway",
                labelSelector: deploymentSpec(settings).selector,
            },
        ]);
        expect(containerOf(deploymentSpec({ ...settings, model: { bucket: "models" } })).volumeMounts).to.deep.equal([
            { name: "tmp", mountPath: "/tmp" },
            { name: "model", mountPath: "/model", readOnly: true },
        ]);
        const volumes = [
            { bucket: "adapters", path: "/adapters", readOnly: true },
            { claim: "index", path: "/index", readOnly: false },
        ];
        const further = deploymentSpec({ ...settings, volumes });
        expect(containerOf(further).volumeMounts).to.deep.equal([
            { name: "tmp", mountPath: "/tmp" },
            { name: "volume-0", mountPath: "/adapters", readOnly: true },
            { name: "volume-1", mountPath: "/index", readOnly: false },
        ]);
        expect(podOf(further).volumes).to.deep.include({
            name: "volume-1",
            persistentVolumeClaim: { claimName: "index", readOnly: false },
        });
        expect(further.template).to.have.nested.property("metadata.annotations").that.deep.equals({ "gke-gcsfuse/volumes": "true" });
        expect(containerOf(deploymentSpec(settings)).ports).to.deep.equal([{ name: "http", containerPort: 8000 }]);
    });

    it("waits before SIGTERM, and sets the drain of the server", () => {
        const container = containerOf(deploymentSpec(settings));
        expect(container.lifecycle).to.deep.equal({ preStop: { sleep: { seconds: 5 } } });
        expect(container.env).to.deep.include({ name: "DRAIN_SECONDS", value: "30" });
        expect(podOf(deploymentSpec(settings)).terminationGracePeriodSeconds).to.equal(40);
    });

    it("predicts with as many threads as the pod requests CPUs, unless the stack file overrides it", () => {
        const threads = (env: Record<string, string>) =>
            (containerOf(deploymentSpec({ ...settings, env })).env as { name: string }[]).filter(
                ({ name }) => name === "INFERENCE_THREADS",
            );
        expect(threads({})).to.deep.equal([
            { name: "INFERENCE_THREADS", valueFrom: { resourceFieldRef: { resource: "requests.cpu", divisor: "1" } } },
        ]);
        expect(threads({ INFERENCE_THREADS: "1" })).to.deep.equal([{ name: "INFERENCE_THREADS", value: "1" }]);
    });

    it("waits a minute before SIGTERM behind Google's load balancer, and extends the grace period by the same time", () => {
        const spec = deploymentSpec({ ...settings, public: { host: "predict.example.com" } });
        expect(containerOf(spec).lifecycle).to.deep.equal({ preStop: { sleep: { seconds: 60 } } });
        expect(podOf(spec).terminationGracePeriodSeconds).to.equal(95);
        expect(spec).to.include({ progressDeadlineSeconds: 780 });
    });

    it("gives pods a label without special characters for GKE's metrics adapter, and selects them by the recommended labels", () => {
        expect(deploymentSpec(settings).template).to.have.nested.property("metadata.labels.inference-service", "digits");
        expect(deploymentSpec(settings).selector).to.deep.equal({
            matchLabels: { "app.kubernetes.io/name": "digits", "app.kubernetes.io/component": "inference" },
        });
    });

    it("uses the model in the image by default", () => {
        expect(podOf(deploymentSpec(settings)).volumes).to.deep.equal([{ name: "tmp", emptyDir: { sizeLimit: "1Gi" } }]);
        expect(deploymentSpec(settings).template).to.have.nested.property("metadata.annotations").that.deep.equals({});
    });

    it("mounts a model from a bucket, read-only, with the sidecar that mounts it", () => {
        const spec = deploymentSpec({ ...settings, model: { bucket: "models" } });
        expect(podOf(spec).volumes).to.deep.include({
            name: "model",
            csi: {
                driver: "gcsfuse.csi.storage.gke.io",
                readOnly: true,
                volumeAttributes: { bucketName: "models", mountOptions: "implicit-dirs,uid=1000,gid=1000" },
            },
        });
        expect(containerOf(spec).env).to.deep.include({ name: "MODEL_DIR", value: "/model" });
        expect(spec.template).to.have.nested.property("metadata.annotations").that.deep.equals({ "gke-gcsfuse/volumes": "true" });
    });

    it("serves port 80 inside the cluster", () => {
        expect(serviceSpec("digits")).to.deep.equal({
            type: "ClusterIP",
            selector: { "app.kubernetes.io/name": "digits", "app.kubernetes.io/component": "inference" },
            ports: [{ name: "http", port: 80, targetPort: "http" }],
        });
    });

    it("allows the eviction of one pod at a time, and of an unhealthy pod at any time", () => {
        expect(disruptionBudgetSpec(serviceLabels("digits"))).to.deep.include({
            maxUnavailable: 1,
            unhealthyPodEvictionPolicy: "AlwaysAllow",
        });
    });
});

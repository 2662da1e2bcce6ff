import { expect } from "chai";
import type { WorkerConfig } from "../../../components/workers/config";
import { Worker } from "../../../components/workers/worker";
import { WORKER_VARIABLES } from "../../../k8s/derived-variables";
import { record, valueOf, waitsFor } from "../recorded";
import { image, worker } from "../settings";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const LOAD = "kubernetes:autoscaling.gke.io/v1beta1:AutoscalingMetric";
const nodes = { pool: "l4", accelerator: "nvidia-l4", gpus: 1 };
const autoscaling = { min: 2, max: 5, query: 'sum(redis_key_size{key="predictions"})', target: 20 };

async function made(edits: Partial<WorkerConfig> = {}, fitsOneMore = true) {
    let component: Worker | undefined;
    const recording = await record((options) => {
        const args = { ...worker(edits), project: "my-project", namespace: "workers", image, placement: { nodes, fitsOneMore } };
        component = new Worker("scoring", args, options);
    });
    return { recording, component: component as Worker };
}

describe("Worker", () => {
    it("creates a Deployment and its objects, but no Service", async () => {
        const { recording, component } = await made();
        expect(recording.resources.map(({ type, name }) => `${type} ${name}`).sort()).to.deep.equal([
            "gcp:serviceaccount/account:Account scoring-account",
            "gcp:serviceaccount/iAMMember:IAMMember scoring-binding",
            "kubernetes:apps/v1:Deployment scoring",
            "kubernetes:autoscaling/v2:HorizontalPodAutoscaler scoring-autoscaler",
            "kubernetes:core/v1:ServiceAccount scoring-kubernetes",
            "kubernetes:networking.k8s.io/v1:NetworkPolicy scoring-network",
            "kubernetes:policy/v1:PodDisruptionBudget scoring-budget",
            "ml-platform:index:Worker scoring",
        ]);
        expect(recording.one("kubernetes:networking.k8s.io/v1:NetworkPolicy", "scoring-network").inputs.spec).to.deep.include({
            ingress: [],
        });
        expect(await valueOf(component.summary)).to.deep.equal({ namespace: "workers", deployment: "scoring" });
    });

    it("runs the image by digest, on the device that it was built for", async () => {
        const { inputs } = (await made({ variables: { QUEUE: "scoring" } })).recording.one(DEPLOYMENT, "scoring");
        expect(inputs.spec).to.have.nested.property("template.spec.containers[0].image", image.ref);
        expect(inputs.spec).to.have.nested.property("template.spec.serviceAccountName", "scoring");
        expect(inputs.spec)
            .to.have.nested.property("template.spec.containers[0].env")
            .that.deep.includes.members([
                { name: "DEVICE", value: "cpu" },
                { name: "QUEUE", value: "scoring" },
            ]);
    });

    it("sets no variable that a stack file could override, except the number of threads", async () => {
        const { inputs } = (await made({ model: { claim: "model" }, variables: {} })).recording.one(DEPLOYMENT, "scoring");
        const { env } = (inputs.spec as { template: { spec: { containers: [{ env: { name: string }[] }] } } }).template.spec.containers[0];
        expect([...Object.keys(WORKER_VARIABLES), "INFERENCE_THREADS"]).to.have.members(env.map(({ name }) => name));
    });

    it("waits for its network policy, and for the drain of tasks in progress", async () => {
        const deployment = (await made({ replicas: 3, coldStartSeconds: 60, drainSeconds: 7200 })).recording.one(DEPLOYMENT, "scoring");
        expect(deployment.options.customTimeouts).to.deep.equal({ create: "29660s", update: "29660s" });
        expect(deployment.inputs.spec).to.include({ progressDeadlineSeconds: 7865 });
        expect(waitsFor(deployment)).to.deep.equal(["scoring-network"]);
    });

    it("restores a fixed number of replicas, whoever changed it", async () => {
        const { recording } = await made({ replicas: 2 });
        expect(recording.one(DEPLOYMENT, "scoring").options.ignoreChanges).to.deep.equal([]);
        expect(recording.one(AUTOSCALER, "scoring-autoscaler").inputs.spec).to.include({ minReplicas: 2, maxReplicas: 2 });
        expect(recording.names(LOAD)).to.deep.equal([]);
    });

    it("scales by the length of its queue, divided by the pods", async () => {
        const { recording } = await made({ replicas: undefined, autoscaling });
        const { inputs, options } = recording.one(DEPLOYMENT, "scoring");
        expect(inputs.spec).to.include({ replicas: 2 });
        expect(options.ignoreChanges).to.deep.equal(["spec.replicas"]);
        expect(recording.one(LOAD, "scoring-load").inputs).to.deep.include({
            spec: { metrics: [{ promql: { name: "queue-length", query: autoscaling.query } }] },
        });
        expect(recording.one(AUTOSCALER, "scoring-autoscaler").inputs.spec).to.deep.include({
            minReplicas: 2,
            maxReplicas: 5,
            metrics: [
                {
                    type: "External",
                    external: {
                        metric: { name: "autoscaling.gke.io|scoring|queue-length" },
                        target: { type: "AverageValue", averageValue: "20" },
                    },
                },
            ],
        });
    });

    it("warns only if a rollout stops a worker before the next one starts", async () => {
        expect((await made({ replicas: 3 })).recording.messages).to.deep.equal([]);
        const { messages, ...recording } = (await made({ replicas: 3 }, false)).recording;
        expect(messages).to.have.length(1);
        expect(messages[0]).to.include("scoring").and.to.include("2 of 3 replicas take tasks");
        expect(recording.one(DEPLOYMENT, "scoring").inputs.spec).to.have.deep.nested.property("strategy.rollingUpdate", {
            maxSurge: 0,
            maxUnavailable: 1,
        });
    });

    it("reads the model of a bucket, with the right to read it", async () => {
        const { recording } = await made({ model: { bucket: "models" } });
        expect(recording.one("gcp:storage/bucketIAMMember:BucketIAMMember", "scoring-reads-models").inputs).to.include({
            bucket: "models",
            role: "roles/storage.objectViewer",
        });
    });

    it("writes a volume that is not read-only", async () => {
        const { recording } = await made({ volumes: [{ bucket: "results", path: "/results", readOnly: false }] });
        expect(recording.one("gcp:storage/bucketIAMMember:BucketIAMMember", "scoring-writes-results").inputs).to.include({
            bucket: "results",
            role: "roles/storage.objectUser",
        });
    });
});

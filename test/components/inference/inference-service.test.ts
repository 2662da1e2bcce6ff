import { expect } from "chai";
import type { ServiceConfig } from "../../../components/inference/config";
import { InferenceService } from "../../../components/inference/inference-service";
import { SERVICE_VARIABLES } from "../../../k8s/derived-variables";
import { record, valueOf, waitsFor } from "../recorded";
import { image, service } from "../settings";

const DEPLOYMENT = "kubernetes:apps/v1:Deployment";
const AUTOSCALER = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const LOAD = "kubernetes:autoscaling.gke.io/v1beta1:AutoscalingMetric";
const placement = { pool: "l4", accelerator: "nvidia-l4", gpus: 1 };
const autoscaling = { min: 1, max: 3, metric: "requests-in-flight", target: 8 } as const;

async function made(edits: Partial<ServiceConfig> = {}, fitsOneMore = true) {
    let component: InferenceService | undefined;
    const recording = await record((options) => {
        component = new InferenceService(
            "digits",
            {
                ...service(edits),
                project: "my-project",
                namespace: "inference",
                cluster: "ml",
                image,
                placement: { nodes: placement, fitsOneMore },
            },
            options,
        );
    });
    return { recording, component: component as InferenceService };
}

describe("InferenceService", () => {
    it("runs the image by digest, with Workload Identity", async () => {
        const { recording } = await made();
        const { inputs } = recording.one(DEPLOYMENT, "digits");
        expect(inputs.spec).to.have.nested.property("template.spec.containers[0].image", image.ref);
        expect(inputs.spec).to.have.nested.property("template.spec.serviceAccountName", "digits");
        expect(inputs.spec).to.have.nested.property("template.spec.containers[0].env").that.deep.includes({ name: "DEVICE", value: "cpu" });
        expect(recording.one("gcp:serviceaccount/iAMMember:IAMMember", "digits-binding").inputs).to.include({
            role: "roles/iam.workloadIdentityUser",
            member: "serviceAccount:my-project.svc.id.goog[inference/digits]",
        });
        expect(recording.one("kubernetes:core/v1:ServiceAccount", "digits-kubernetes").inputs.metadata).to.deep.include({
            annotations: { "iam.gke.io/gcp-service-account": "digits-account@example" },
        });
    });

    it("sets no variable that a stack file could override, except the number of threads", async () => {
        const { inputs } = (await made({ model: { claim: "model" }, variables: {} })).recording.one(DEPLOYMENT, "digits");
        const { env } = (inputs.spec as { template: { spec: { containers: [{ env: { name: string }[] }] } } }).template.spec.containers[0];
        expect([...Object.keys(SERVICE_VARIABLES), "INFERENCE_THREADS"]).to.include.members(env.map(({ name }) => name));
    });

    it("waits as long as a rollout may take", async () => {
        const { options } = (await made({ coldStartSeconds: 900 })).recording.one(DEPLOYMENT, "digits");
        expect(options.customTimeouts).to.deep.equal({ create: "2440s", update: "2440s" });
    });

    it("creates its Service after its Deployment, so that Services do not wait for pods that nothing creates", async () => {
        const { recording } = await made();
        expect(waitsFor(recording.one("kubernetes:core/v1:Service", "digits-service"))).to.deep.equal(["digits"]);
        expect(waitsFor(recording.one(DEPLOYMENT, "digits"))).to.deep.equal(["digits-network"]);
    });

    it("restores a fixed number of replicas, whoever changed it", async () => {
        const { recording } = await made({ replicas: 2 });
        const { inputs, options } = recording.one(DEPLOYMENT, "digits");
        expect(inputs.spec).to.include({ replicas: 2 });
        expect(inputs.metadata).to.have.property("annotations").that.deep.equals({ "pulumi.com/patchForce": "true" });
        expect(options.ignoreChanges).to.deep.equal([]);
        expect(recording.one(AUTOSCALER, "digits-autoscaler").inputs.spec).to.include({ minReplicas: 2, maxReplicas: 2 });
        expect(recording.names(LOAD)).to.deep.equal([]);
    });

    it("starts with the minimum replicas, then leaves the number to the autoscaler", async () => {
        const { recording } = await made({ replicas: undefined, autoscaling: { ...autoscaling, min: 2 } });
        const { inputs, options } = recording.one(DEPLOYMENT, "digits");
        expect(inputs.spec).to.include({ replicas: 2 });
        expect(options.ignoreChanges).to.deep.equal(["spec.replicas"]);
        expect(recording.one(AUTOSCALER, "digits-autoscaler").inputs.spec).to.include({ minReplicas: 2, maxReplicas: 3 });
        expect(recording.one(LOAD, "digits-load").inputs.metadata).to.deep.include({ name: "digits", namespace: "inference" });
    });

    it("collects its metrics", async () => {
        expect((await made()).recording.names("kubernetes:monitoring.googleapis.com/v1:PodMonitoring")).to.deep.equal(["digits-metrics"]);
    });

    it("separates its GPU metrics from those of other clusters", async () => {
        const { recording } = await made({ replicas: undefined, autoscaling: { ...autoscaling, metric: "gpu-duty-cycle" } });
        expect(recording.one(LOAD, "digits-load").inputs.spec)
            .to.have.nested.property("metrics[0].promql.query")
            .that.includes('cluster="ml"');
    });

    it("allows the hosts that it lists by name", async () => {
        const HOSTS = "kubernetes:networking.gke.io/v1alpha1:FQDNNetworkPolicy";
        expect((await made()).recording.names(HOSTS)).to.deep.equal([]);
        const { recording } = await made({ egress: [{ host: "db.example.com", ports: [5432] }] });
        expect(recording.one(HOSTS, "digits-hosts").inputs.spec).to.have.nested.property("egress[0].matches[0].name", "db.example.com");
        expect(waitsFor(recording.one(DEPLOYMENT, "digits"))).to.have.members(["digits-network", "digits-hosts"]);
    });

    it("warns only if a rollout interrupts the service", async () => {
        expect((await made({ replicas: 3 })).recording.messages).to.deep.equal([]);
        const { messages } = (await made({ replicas: 4 }, false)).recording;
        expect(messages).to.have.length(1);
        expect(messages[0]).to.include("digits").and.to.include("3 of 4 replicas answer");
    });

    it("warns of the maximum size of its autoscaler", async () => {
        const [message] = (await made({ replicas: undefined, autoscaling }, false)).recording.messages;
        expect(message).to.include("2 of 3 replicas answer");
    });

    it("outputs its address inside the cluster", async () => {
        const { component, recording } = await made();
        expect(await valueOf(component.summary)).to.deep.equal({
            namespace: "inference",
            deployment: "digits",
            service: "digits",
            url: "http://digits.inference.svc.cluster.local",
            dns: undefined,
        });
        expect(recording.names("kubernetes:gateway.networking.k8s.io/v1:Gateway")).to.deep.equal([]);
    });

    it("is public only if configured, and outputs the DNS records that it needs", async () => {
        const { component, recording } = await made({ public: { host: "predict.example.com", paths: ["/predict"] } });
        const { url, dns } = await valueOf(component.summary);
        expect(url).to.equal("https://predict.example.com");
        expect(dns).to.have.property("authorization").that.deep.equals({ name: "record", type: "CNAME", data: "value" });
        expect(recording.one("kubernetes:gateway.networking.k8s.io/v1:Gateway", "digits-gateway").inputs.metadata).to.deep.include({
            annotations: { "networking.gke.io/certmap": "digits-certificates" },
        });
        expect(recording.one("kubernetes:networking.gke.io/v1:GCPBackendPolicy", "digits-backend").inputs.spec).to.deep.include({
            default: { timeoutSec: 30, connectionDraining: { drainingTimeoutSec: 30 } },
        });
        expect(recording.one("gcp:certificatemanager/certificate:Certificate", "digits-certificate").inputs.managed).to.deep.equal({
            domains: ["predict.example.com"],
            dnsAuthorizations: ["digits-authorization-id"],
        });
    });

    it("may read the buckets of its model and its volumes, write those that are not read-only, and nothing else", async () => {
        const grants = async (edits: Partial<ServiceConfig>) => {
            const { recording } = await made(edits);
            const type = "gcp:storage/bucketIAMMember:BucketIAMMember";
            return recording.names(type).map((name) => recording.one(type, name).inputs);
        };
        expect(await grants({})).to.deep.equal([]);
        expect(await grants({ model: { bucket: "models" } })).to.deep.equal([
            { bucket: "models", role: "roles/storage.objectViewer", member: "serviceAccount:digits-account@example" },
        ]);
        const volumes = [
            { bucket: "models", path: "/again", readOnly: true },
            { bucket: "adapters", path: "/adapters", readOnly: true },
            { bucket: "answers", path: "/answers", readOnly: false },
            { claim: "index", path: "/index", readOnly: true },
        ];
        expect((await grants({ model: { bucket: "models" }, volumes })).map(({ bucket, role }) => [bucket, role])).to.have.deep.members([
            ["models", "roles/storage.objectViewer"],
            ["adapters", "roles/storage.objectViewer"],
            ["answers", "roles/storage.objectUser"],
        ]);
    });

    it("is the parent of all its resources", async () => {
        const { recording, component } = await made({
            public: { host: "predict.example.com", paths: ["/predict"] },
            replicas: undefined,
            autoscaling,
        });
        expect(recording.resources).to.have.length(20);
        expect(recording.resources.slice(1).every(({ options }) => options.parent === component)).to.equal(true);
    });
});

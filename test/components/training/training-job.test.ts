import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { RunConfig } from "../../../components/training/config";
import type { Found } from "../../../components/workloads/cluster-lookup";
import type { StorageConfig } from "../../../components/config/fields";
import type { KeptObjects } from "../../../components/training/kept-objects";
import { TrainingJob } from "../../../components/training/training-job";
import { RUN_VARIABLES } from "../../../k8s/derived-variables";
import { record, valueOf, waitsFor, type RecordOptions } from "../recorded";
import { image, training } from "../settings";

const JOB = "kubernetes:batch/v1:Job";
const CLAIM = "kubernetes:core/v1:PersistentVolumeClaim";
const placement = {
    nodes: { pool: "l4", accelerator: "nvidia-l4", gpus: 1 },
    fitsOneMore: false,
};

async function made(edits: Partial<RunConfig> = {}, options: RecordOptions = {}) {
    let component: TrainingJob | undefined;
    const recording = await record((opts) => {
        component = new TrainingJob(
            "training",
            { project: "my-project", namespace: "training", runs: [{ ...training(edits), image, placement }] },
            opts,
        );
    }, options);
    return { recording, component: component as TrainingJob };
}

/** The summary of the only run in the stack's outputs. */
const summaryOf = (component: TrainingJob) => {
    const [summary] = Object.values(component.summaries);
    return summary ?? expect.fail("no run");
};

/** The cluster's answer for a Job that was started with another image. */
const startedWith = (reference: string): RecordOptions => ({
    answer: ({ type, inputs }) =>
        type === JOB
            ? {
                  spec: {
                      ...(inputs.spec as object),
                      template: { spec: { ...podSpec(inputs), containers: [{ ...firstContainer(inputs), image: reference }] } },
                  },
              }
            : {},
});

const podSpec = (inputs: Record<string, unknown>) => (inputs.spec as { template: { spec: { containers: [object] } } }).template.spec;

const firstContainer = (inputs: Record<string, unknown>) => podSpec(inputs).containers[0];

/** A resource with an ID that is unknown during preview. */
class Unbuilt extends pulumi.CustomResource {}

describe("TrainingJob", () => {
    it("sets no variable that a stack file could override", async () => {
        const { inputs } = (await made({ nodes: 2, data: { claim: "data" }, tensorboard: false, variables: {} })).recording.one(
            JOB,
            "training-first",
        );
        const { env } = firstContainer(inputs) as { readonly env: readonly { readonly name: string }[] };
        expect(Object.keys(RUN_VARIABLES)).to.include.members(env.map(({ name }) => name));
    });

    it("has the run's ID in both of its names, so that a new ID creates a new Job", async () => {
        const { recording, component } = await made();
        expect(recording.names(JOB)).to.deep.equal(["training-first"]);
        expect(recording.one(JOB, "training-first").inputs.metadata).to.deep.include({ name: "training-first", namespace: "training" });
        expect((await made({ runId: "second" })).recording.names(JOB)).to.deep.equal(["training-second"]);
        expect(await valueOf(summaryOf(component))).to.deep.equal({
            namespace: "training",
            job: "training-first",
            runId: "first",
            image: image.ref,
        });
    });

    it("never changes an existing Job, and keeps it when the ID changes", async () => {
        const { options } = (await made()).recording.one(JOB, "training-first");
        expect(options).to.include({ retainOnDelete: true });
        expect(options.ignoreChanges).to.deep.equal(["spec", "metadata.labels", "metadata.annotations"]);
    });

    it("blocks the update only if configured", async () => {
        const annotations = async (edits: Partial<RunConfig>) =>
            ((await made(edits)).recording.one(JOB, "training-first").inputs.metadata as { annotations: object }).annotations;
        expect(await annotations({})).to.deep.equal({ "pulumi.com/skipAwait": "true" });
        expect(await annotations({ wait: true })).to.deep.equal({});
    });

    it("waits for the node and the whole run if it blocks", async () => {
        const { options } = (await made({ activeDeadlineSeconds: 3600 })).recording.one(JOB, "training-first");
        expect(options.customTimeouts).to.deep.equal({ create: "4200s" });
    });

    it("is silent about a run that matches the stack", async () => {
        expect((await made()).recording.messages).to.deep.equal([]);
    });

    it("starts several runs, which share an account, a policy, and the files that they list", async () => {
        const egress = (cidr: string) => [{ cidr, ports: [443] }];
        let component: TrainingJob | undefined;
        const recording = await record((options) => {
            const runs = [
                { ...training({ checkpoints: { bucket: "runs" }, egress: egress("10.0.0.1/32") }), image, placement },
                {
                    ...training({
                        runId: "second",
                        checkpoints: { bucket: "runs" },
                        data: { bucket: "data" },
                        egress: egress("10.0.0.2/32"),
                    }),
                    image: { ref: "other@sha256:abc", device: "cuda" },
                    placement,
                },
            ];
            component = new TrainingJob("training", { project: "my-project", namespace: "training", runs }, options);
        });
        expect(recording.names(JOB)).to.deep.equal(["training-first", "training-second"]);
        expect(recording.names("gcp:serviceaccount/account:Account")).to.deep.equal(["training-account"]);
        expect(recording.names("gcp:storage/bucketIAMMember:BucketIAMMember").toSorted()).to.deep.equal([
            "training-reads-data",
            "training-writes-runs",
        ]);
        const { spec } = recording.one("kubernetes:networking.k8s.io/v1:NetworkPolicy", "training-network").inputs;
        expect(JSON.stringify(spec)).to.include("10.0.0.1/32").and.to.include("10.0.0.2/32");
        expect(firstContainer(recording.one(JOB, "training-second").inputs)).to.include({ image: "other@sha256:abc" });
        expect(Object.keys((component as TrainingJob).summaries)).to.deep.equal(["first", "second"]);
    });

    it("reports that a run keeps its original image", async () => {
        const { recording, component } = await made({}, startedWith("older@sha256:def"));
        expect(recording.messages).to.have.length(1);
        expect(recording.messages[0]).to.include(
            "Run first keeps the settings that it was started with. These differ from the stack file: image.",
        );
        expect((await valueOf(summaryOf(component))).image).to.equal("older@sha256:def");
    });

    it("reports that a run keeps its queue", async () => {
        const admitted = (queue: string): RecordOptions => ({
            answer: ({ type }) => (type === JOB ? { metadata: { labels: { "kueue.x-k8s.io/queue-name": queue } } } : {}),
        });
        const text = "info: [runtime] Run first keeps the settings that it was started with. These differ from the stack file: queue.";
        expect((await made({ queue: "big" }, admitted("big"))).recording.messages).to.deep.equal([]);
        const messages = [
            ...(await made({ queue: "big" }, admitted("small"))).recording.messages,
            ...(await made({}, admitted("small"))).recording.messages,
        ];
        expect(messages.map((message) => message.slice(0, text.length))).to.deep.equal([text, text]);
    });

    it("reports it during preview, too, when the newer image is not built yet", async () => {
        const recording = await record(
            (options) => {
                const unbuilt = new Unbuilt("test:index:Image", "image", {}, options).id;
                const runs = [{ ...training(), placement, image: { ...image, ref: unbuilt } }];
                new TrainingJob("training", { project: "my-project", namespace: "training", runs }, options);
            },
            { ...startedWith("older@sha256:def"), preview: true, unknownIds: true },
        );
        expect(recording.messages).to.have.length(1);
        expect(recording.messages[0]).to.include("These differ from the stack file: image.");
    });

    it("warns only with a clean-up that a refresh restarts the run", async () => {
        const { recording } = await made({ ttlSecondsAfterFinished: 600 });
        expect(recording.messages).to.have.length(1);
        expect(recording.messages[0]).to.include("Run first is removed 600 seconds after its end").and.to.include("starts it again");
        expect(recording.one(JOB, "training-first").inputs.spec).to.include({ ttlSecondsAfterFinished: 600 });
    });

    it("warns only of a disk that a run and TensorBoard share", async () => {
        const messages = async (edits: Partial<RunConfig>) => (await made(edits)).recording.messages;
        const disk = { claim: "checkpoints", size: "10Gi" };
        expect(await messages({ checkpoints: disk })).to.deep.equal([]);
        expect(await messages({ checkpoints: { bucket: "runs" }, tensorboard: true })).to.deep.equal([]);
        expect(await messages({ checkpoints: { claim: "files", size: undefined }, tensorboard: true })).to.deep.equal([]);
        const [message] = await messages({ checkpoints: disk, tensorboard: true });
        expect(message)
            .to.include("Claim checkpoints is a disk for one node")
            .and.to.include("the run and TensorBoard would share it from two nodes");
    });

    it("writes logs for TensorBoard, unless other trackers are set", async () => {
        const trackers = async (edits: Partial<RunConfig>) => {
            const { inputs } = (await made(edits)).recording.one(JOB, "training-first");
            return (firstContainer(inputs) as { env: { name: string; value: string }[] }).env.find(({ name }) => name === "TRACKERS")
                ?.value;
        };
        expect(await trackers({})).to.equal(undefined);
        expect(await trackers({ tensorboard: true })).to.equal("tensorboard");
        expect(await trackers({ tensorboard: true, variables: { TRACKERS: "mlflow,tensorboard" } })).to.equal("mlflow,tensorboard");
    });

    it("creates a claim with a size before the Job, and no existing claim", async () => {
        const { recording } = await made({
            checkpoints: { claim: "checkpoints", size: "10Gi" },
            data: { claim: "digits", size: undefined },
        });
        expect(recording.names(CLAIM)).to.deep.equal(["training-checkpoints"]);
        expect(recording.one(CLAIM, "training-checkpoints").inputs.spec).to.deep.equal({
            accessModes: ["ReadWriteOnce"],
            resources: { requests: { storage: "10Gi" } },
        });
        expect(waitsFor(recording.one(JOB, "training-first"))).to.include("training-checkpoints");
    });

    it("can write the bucket of its checkpoints, and read that of its data", async () => {
        const { recording } = await made({ checkpoints: { bucket: "runs" }, data: { bucket: "digits" } });
        const type = "gcp:storage/bucketIAMMember:BucketIAMMember";
        expect(
            recording.names(type).map((name) => [recording.one(type, name).inputs.bucket, recording.one(type, name).inputs.role]),
        ).to.deep.equal([
            ["digits", "roles/storage.objectViewer"],
            ["runs", "roles/storage.objectUser"],
        ]);
    });

    it("can read and write its volumes", async () => {
        const volumes = [
            { bucket: "base", path: "/base", readOnly: true },
            { bucket: "samples", path: "/samples", readOnly: false },
        ];
        const { recording } = await made({ checkpoints: { bucket: "runs" }, volumes });
        expect(recording.names("gcp:storage/bucketIAMMember:BucketIAMMember")).to.have.members([
            "training-reads-base",
            "training-writes-runs",
            "training-writes-samples",
        ]);
    });

    it("creates the configured buckets before it grants access to them, and keeps them", async () => {
        const BUCKET = "gcp:storage/bucket:Bucket";
        const { recording } = await made({ checkpoints: { bucket: "runs", create: true }, data: { bucket: "digits" } });
        expect(recording.names(BUCKET)).to.deep.equal(["training-runs"]);
        const { inputs, options } = recording.one(BUCKET, "training-runs");
        expect(inputs).to.deep.equal({
            name: "runs",
            location: "US",
            labels: { "ml-platform-stack": "test", "ml-platform-project": "ml-platform" },
            uniformBucketLevelAccess: true,
            publicAccessPrevention: "enforced",
            versioning: { enabled: true },
            lifecycleRules: [{ action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: 7, withState: "ARCHIVED" } }],
        });
        expect(options).to.include({ retainOnDelete: true });
        expect(options).not.to.have.property("import");
        const same = { bucket: "runs", create: true };
        expect((await made({ checkpoints: same, data: same })).recording.names(BUCKET)).to.deep.equal(["training-runs"]);
    });

    it("has a rendezvous only on several nodes", async () => {
        const SERVICE = "kubernetes:core/v1:Service";
        expect((await made()).recording.names(SERVICE)).to.deep.equal([]);
        const { recording } = await made({ nodes: 2 });
        expect(recording.one(SERVICE, "training-first-rendezvous").inputs.metadata).to.deep.include({ name: "training-first" });
    });

    it("selects a queue by label", async () => {
        const { recording } = await made({ queue: "gpu" });
        expect(recording.one(JOB, "training-first").inputs.metadata)
            .to.have.property("labels")
            .that.includes({ "kueue.x-k8s.io/queue-name": "gpu" });
    });

    it("is the parent of all its resources", async () => {
        const { recording, component } = await made({ nodes: 2, checkpoints: { claim: "checkpoints", size: "10Gi" } });
        expect(recording.resources).to.have.length(8);
        expect(recording.resources.slice(1).every(({ options }) => options.parent === component)).to.equal(true);
    });

    it("keeps claims and the rendezvous of a run when the stack no longer names them", async () => {
        const { recording } = await made({ nodes: 2, checkpoints: { claim: "checkpoints", size: "10Gi" } });
        const claim = recording.one(CLAIM, "training-checkpoints");
        expect(claim.options).to.include({ retainOnDelete: true });
        expect(claim.options).not.to.have.property("import");
        expect(claim.inputs.metadata).to.deep.include({ labels: { "ml-platform/stack": "test", "ml-platform/project": "ml-platform" } });
        expect(recording.one("kubernetes:core/v1:Service", "training-first-rendezvous").options).to.include({ retainOnDelete: true });
    });

    const run = (namespace: string): Found => ({ metadata: { name: "training-first", namespace } });

    async function found(objects: Partial<KeptObjects>, checkpoints: StorageConfig = { claim: "checkpoints", size: "10Gi" }) {
        const kept = { namespaces: [], jobs: [], claims: [], services: [], buckets: [], ...objects };
        const runs = [{ ...training({ checkpoints, nodes: 2 }), image, placement }];
        return record((options) => new TrainingJob("training", { project: "my-project", namespace: "training", runs, kept }, options));
    }

    it("takes over the run of an earlier id, its service, and the claim that an earlier update kept", async () => {
        const recording = await found({
            jobs: [run("training")],
            services: [run("training")],
            claims: [{ metadata: { name: "checkpoints", namespace: "training" } }, { metadata: { name: "other", namespace: "training" } }],
        });
        expect(recording.one(JOB, "training-first").options.import).to.equal("training/training-first");
        expect(recording.one("kubernetes:core/v1:Service", "training-first-rendezvous").options.import).to.equal("training/training-first");
        expect(recording.one(CLAIM, "training-checkpoints").options.import).to.equal("training/checkpoints");
    });

    it("creates objects that exist in another namespace only", async () => {
        const recording = await found({
            jobs: [run("elsewhere")],
            services: [run("elsewhere")],
            claims: [{ metadata: { name: "checkpoints", namespace: "elsewhere" } }],
        });
        expect(recording.one(JOB, "training-first").options).not.to.have.property("import");
        expect(recording.one("kubernetes:core/v1:Service", "training-first-rendezvous").options).not.to.have.property("import");
        expect(recording.one(CLAIM, "training-checkpoints").options).not.to.have.property("import");
    });

    it("takes over the bucket that an earlier update kept, and creates another", async () => {
        const bucket = { bucket: "my-project-checkpoints", create: true };
        for (const [buckets, taken] of [
            [["my-project-checkpoints"], "my-project-checkpoints"],
            [["another"], undefined],
        ] as const) {
            const recording = await found({ buckets }, bucket);
            const { options } = recording.one("gcp:storage/bucket:Bucket", "training-my-project-checkpoints");
            expect(options.import).to.equal(taken);
            expect(options.retainOnDelete).to.equal(true);
        }
    });
});

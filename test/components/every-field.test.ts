import { expect } from "chai";
import { parseConfig } from "../../components/config/load";
import { serviceSchema } from "../../components/inference/config";
import { InferenceService } from "../../components/inference/inference-service";
import { trainingSchema } from "../../components/training/config";
import { TrainingJob } from "../../components/training/training-job";
import { workerSchema, workersSchema } from "../../components/workers/config";
import { Worker } from "../../components/workers/worker";
import { record } from "./recorded";
import { image } from "./settings";

/** A stack with one service, one worker and one run, on a pool with enough GPUs for all of them. */
const stackOf = (service: object, run: object, worker: object = {}) => ({
    "gcp:project": "my-project",
    "gcp:region": "us-central1",
    "ml-platform:environment": "dev",
    "ml-platform:registry": { repository: "ml-images" },
    "ml-platform:images": { variant: "cpu" },
    "ml-platform:cluster": {
        pools: ["l4", "more"].map((name) => ({
            name,
            accelerator: "nvidia-l4",
            machineType: "g2-standard-24",
            acceleratorCount: 2,
            maxNodes: 4,
            zones: ["us-central1-a"],
        })),
    },
    "ml-platform:inference": { services: [{ name: "predict", pool: "l4", ...service }] },
    "ml-platform:workers": { workers: [{ name: "scoring", pool: "l4", ...worker }] },
    "ml-platform:training": {
        runId: "first",
        queue: "runs",
        pool: "l4",
        sharedMemory: "1Gi",
        workingSet: "1Gi",
        checkpoints: { claim: "runs" },
        ...run,
    },
});

/** All inputs of the resources of a stack's service, worker and run, as text. */
async function rendered({ service = {}, run = {}, worker = {} }: { service?: object; run?: object; worker?: object }): Promise<string> {
    const { inference, workers, training } = parseConfig(stackOf(service, run, worker), "dev");
    const { resources } = await record((opts) => {
        for (const each of inference?.services ?? []) {
            new InferenceService(each.name, { ...each, project: "p", namespace: "inference", cluster: "ml", image }, opts);
        }
        for (const each of workers?.workers ?? []) {
            new Worker(each.name, { ...each, project: "p", namespace: "workers", image }, opts);
        }
        const runs = (training?.runs ?? []).map((each) => ({ ...each, image }));
        new TrainingJob("training", { project: "p", namespace: "training", runs }, opts);
    });
    return JSON.stringify(resources.map(({ type, name, inputs, options }) => ({ type, name, inputs, timeouts: options.customTimeouts })));
}

/** Fields that the component does not pass to the pod, and their readers. */
const ELSEWHERE = {
    image: "index.ts, which gives the component its image",
    namespace: "index.ts, which gives the component its namespace",
    runs: "the list of runs itself: each field is one of the section's",
};

/** Another valid value of each field. */
const SERVICE_FIELDS: Readonly<Record<string, unknown>> = {
    name: "other",
    pool: "more",
    gpus: 2,
    command: ["serve"],
    args: ["--verbose"],
    port: 9000,
    probes: { health: { command: ["true"] } },
    cpu: "3",
    memory: "5Gi",
    sharedMemory: "1Gi",
    ephemeralStorage: "2Gi",
    replicas: 2,
    autoscaling: { max: 2 },
    coldStartSeconds: 300,
    drainSeconds: 45,
    model: { bucket: "models" },
    volumes: [{ bucket: "files", path: "/files" }],
    variables: { LOG_LEVEL: "debug" },
    secrets: ["hub"],
    egress: [{ cidr: "10.0.0.1/32" }],
    public: { host: "predict.example.com", paths: ["/v1/*"] },
};
const WORKER_FIELDS: Readonly<Record<string, unknown>> = {
    name: "other",
    pool: "more",
    gpus: 2,
    command: ["celery"],
    args: ["--concurrency", "2"],
    probes: { health: { command: ["true"] } },
    cpu: "3",
    memory: "5Gi",
    sharedMemory: "1Gi",
    ephemeralStorage: "2Gi",
    replicas: 2,
    autoscaling: { max: 2, query: "sum(tasks)" },
    coldStartSeconds: 240,
    drainSeconds: 45,
    model: { bucket: "models" },
    volumes: [{ bucket: "files", path: "/files" }],
    variables: { LOG_LEVEL: "debug" },
    secrets: ["broker"],
    egress: [{ cidr: "10.0.0.1/32" }],
};
const RUN_FIELDS: Readonly<Record<string, unknown>> = {
    runId: "second",
    pool: "more",
    nodes: 2,
    gpus: 2,
    cpu: "3",
    memory: "9Gi",
    sharedMemory: "2Gi",
    workingSet: "2Gi",
    ephemeralStorage: "11Gi",
    command: ["torchrun"],
    args: ["--epochs", "2"],
    variables: { LOG_LEVEL: "debug" },
    secrets: ["hub"],
    egress: [{ cidr: "10.0.0.1/32" }],
    checkpoints: { bucket: "runs" },
    data: { bucket: "data" },
    volumes: [{ bucket: "files", path: "/files" }],
    backoffLimit: 4,
    activeDeadlineSeconds: 600,
    graceSeconds: 20,
    ttlSecondsAfterFinished: 60,
    queue: "gpus",
    priority: "high",
    wait: true,
    tensorboard: true,
};

describe("every field of the stack file", () => {
    it("has a second value here, or another reader", () => {
        expect(Object.keys(serviceSchema.shape)).to.have.members([...Object.keys(SERVICE_FIELDS), "image"]);
        expect(Object.keys(workerSchema.shape)).to.have.members([...Object.keys(WORKER_FIELDS), "image"]);
        expect(Object.keys(workersSchema.shape)).to.deep.equal(["namespace", "workers"]);
        expect(Object.keys(trainingSchema.shape)).to.have.members([...Object.keys(RUN_FIELDS), ...Object.keys(ELSEWHERE)]);
    });

    for (const [field, value] of Object.entries(SERVICE_FIELDS)) {
        it(`changes the resources of a service: ${field}`, async () => {
            expect(await rendered({ service: { [field]: value } })).not.to.equal(await rendered({}));
        });
    }

    for (const [field, value] of Object.entries(WORKER_FIELDS)) {
        it(`changes the resources of a worker: ${field}`, async () => {
            expect(await rendered({ worker: { [field]: value } })).not.to.equal(await rendered({}));
        });
    }

    // A field within a field reaches the pod too.
    const scaled = { autoscaling: { min: 1, max: 2, query: "sum(tasks)", target: 8 } };
    for (const [field, value] of Object.entries({ min: 2, max: 3, query: "max(tasks)", target: 9 })) {
        it(`changes the resources of a scaled worker: ${field}`, async () => {
            const other = { autoscaling: { ...scaled.autoscaling, [field]: value } };
            expect(await rendered({ worker: other })).not.to.equal(await rendered({ worker: scaled }));
        });
    }

    for (const [field, value] of Object.entries(RUN_FIELDS)) {
        it(`changes the resources of a run: ${field}`, async () => {
            expect(await rendered({ run: { [field]: value } })).not.to.equal(await rendered({}));
        });
    }

    for (const [field, value] of Object.entries(RUN_FIELDS).filter(([name]) => !["runId", "tensorboard"].includes(name))) {
        it(`can be a run's own in a list of runs: ${field}`, async () => {
            const list = (own: object) => rendered({ run: { runId: undefined, runs: [{ id: "first" }, { id: "second", ...own }] } });
            expect(await list({ [field]: value })).not.to.equal(await list({}));
        });
    }
});

describe("each kind of a secret", () => {
    const secrets: readonly unknown[] = [
        "hub",
        { secret: "hub", version: "1", file: "hub" },
        { secret: "hub", version: "2", file: "hub" },
        { secret: "hub", version: "1", file: "other" },
        { secret: "other", version: "1", file: "hub" },
        { secret: "hub", version: "1", variable: "HUB" },
        { secret: "hub", version: "1", variable: "OTHER" },
    ];

    for (const kind of ["service", "worker", "run"] as const) {
        it(`reaches the pod of a ${kind}`, async () => {
            const seen = new Set<string>();
            for (const secret of secrets) {
                seen.add(await rendered({ [kind]: { secrets: [secret] } }));
            }
            expect(seen.size).to.equal(secrets.length);
        });
    }
});

describe("each field of a volume", () => {
    const volumes: readonly unknown[] = [
        { bucket: "files", path: "/files" },
        { bucket: "other", path: "/files" },
        { bucket: "files", path: "/other" },
        { bucket: "files", path: "/files", readOnly: false },
        { bucket: "files", path: "/files", cache: "1Gi" },
        { claim: "files", path: "/files" },
        { claim: "other", path: "/files" },
    ];

    for (const kind of ["service", "worker", "run"] as const) {
        it(`reaches the pod of a ${kind}`, async () => {
            const seen = new Set<string>();
            for (const volume of volumes) {
                seen.add(await rendered({ [kind]: { volumes: [volume] } }));
            }
            expect(seen.size).to.equal(volumes.length);
        });
    }
});

describe("the cache of a bucket", () => {
    it("reaches the pod that reads the bucket", async () => {
        for (const [kind, field] of [
            ["service", "model"],
            ["worker", "model"],
            ["run", "data"],
        ] as const) {
            const withCache = (cache?: string) => rendered({ [kind]: { [field]: { bucket: "models", cache } } });
            expect(new Set([await withCache(), await withCache("10Gi"), await withCache("11Gi")]).size).to.equal(3);
        }
    });

    it("is refused for storage that a run writes", () => {
        const checkpoints = { bucket: "runs", cache: "10Gi" };
        expect(() => parseConfig(stackOf({}, { checkpoints }), "dev")).to.throw("checkpoints.cache: is not a known key");
    });
});

describe("training.runs", () => {
    const runsOf = (run: object) => parseConfig(stackOf({}, { runId: undefined, ...run }), "dev").training?.runs ?? [];

    it("gives each run the section's values as defaults", () => {
        const [first, second] = runsOf({
            cpu: "3",
            args: ["--a"],
            runs: [{ id: "first" }, { id: "second", cpu: "4", gpus: 2, args: ["--b"] }],
        });
        expect(first).to.deep.include({ runId: "first", cpu: "3", gpus: 1, args: ["--a"], path: ["runs", 0] });
        expect(second).to.deep.include({ runId: "second", cpu: "4", gpus: 2, args: ["--b"], path: ["runs", 1] });
    });

    it("derives a run's memory from its own shared memory", () => {
        expect(runsOf({ runs: [{ id: "first", sharedMemory: "4Gi" }, { id: "second" }] }).map(({ memory }) => memory)).to.deep.equal([
            "5Gi",
            "2Gi",
        ]);
    });

    it("may be empty, so that the last run remains in the cluster with its account after it is removed from the list", () => {
        expect(runsOf({ runs: [] })).to.deep.equal([]);
    });
});

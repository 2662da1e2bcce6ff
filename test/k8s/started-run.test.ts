import { expect } from "chai";
import { keptFields } from "../../k8s/started-run";
import { jobSpec, type TrainingSettings } from "../../k8s/training";

const settings: TrainingSettings & { image: string } = {
    name: "training-first",
    runId: "first",
    image: "registry.example/training@sha256:abc",
    serviceAccount: "trainer",
    placement: { pool: "l4", accelerator: "nvidia-l4", gpus: 1 },
    cpu: "2",
    memory: "10Gi",
    ephemeralStorage: "10Gi",
    sharedMemory: "8Gi",
    args: ["--epochs", "3"],
    env: { DEVICE: "cuda", LEVEL: "1.0" },
    secrets: ["tracking"],
    volumes: [],
    checkpoints: { claim: "runs" },
    data: { bucket: "digits" },
    backoffLimit: 3,
    activeDeadlineSeconds: 3600,
    graceSeconds: 15,
    nodes: 1,
};

/** Whether the API server omits a field. */
const isLeftOut = (key: string, value: unknown): boolean => (key === "readOnly" && value === false) || (key === "value" && value === "");

/** The Job as the API server returns it: with defaults, and without empty or false values. */
function live(edits: Partial<TrainingSettings> = {}): Record<string, unknown> {
    const text = JSON.stringify(jobSpec({ ...settings, ...edits }), (key, value: unknown) => (isLeftOut(key, value) ? undefined : value));
    const spec = JSON.parse(text) as Record<string, unknown> & {
        template: { metadata: { labels: object }; spec: Record<string, unknown> & { containers: Record<string, unknown>[] } };
    };
    const [trainer] = spec.template.spec.containers;
    Object.assign(trainer as object, { imagePullPolicy: "IfNotPresent", terminationMessagePath: "/dev/termination-log" });
    Object.assign(spec.template.spec, { dnsPolicy: "ClusterFirst", schedulerName: "default-scheduler", serviceAccount: "trainer" });
    Object.assign(spec.template.metadata.labels, { "controller-uid": "1", "job-name": "training-first" });
    return { ...spec, manualSelector: false, podReplacementPolicy: "Failed", selector: { matchLabels: { "controller-uid": "1" } } };
}

const kept = (edits: Partial<TrainingSettings>, started: Partial<TrainingSettings> = {}) =>
    keptFields(live(started), jobSpec({ ...settings, ...edits }));

describe("keptFields", () => {
    it("is empty for a run that matches the stack", () => {
        expect(kept({})).to.deep.equal([]);
        expect(kept({ nodes: 4 }, { nodes: 4 })).to.deep.equal([]);
    });

    it("compares quantities by value, and text literally", () => {
        expect(kept({ cpu: "2000m", memory: "10240Mi", sharedMemory: "8192Mi", ephemeralStorage: "10240Mi" })).to.deep.equal([]);
        const same = [
            ["10485760Ki", "10Gi"],
            ["1Ti", "1024Gi"],
            ["1000M", "1G"],
            ["1000G", "1T"],
        ] as const;
        for (const [memory, other] of same) {
            expect(kept({ memory }, { memory: other }), memory).to.deep.equal([]);
        }
        expect(kept({ memory: "1G" }, { memory: "1Gi" })).to.deep.equal(["memory"]);
        expect(kept({ cpu: "0.5" }, { cpu: "500m" })).to.deep.equal([]);
        expect(kept({ data: { bucket: "letters-1" } }, { data: { bucket: "digits-1" } })).to.deep.equal(["data"]);
        expect(kept({ data: { bucket: "1-letters" } }, { data: { bucket: "1-digits" } })).to.deep.equal(["data"]);
        expect(kept({ env: { DEVICE: "cuda", LEVEL: "1" } })).to.deep.equal(["variables.LEVEL"]);
        expect(kept({ args: ["--epochs", "3.0"] })).to.deep.equal(["args"]);
    });

    const { data: _, ...withoutData } = settings;
    const cases: readonly (readonly [string, Partial<TrainingSettings>, string[]])[] = [
        ["image", { image: "other" }, ["image"]],
        ["arguments", { args: [] }, ["args"]],
        ["a command", { command: ["torchrun", "train.py"] }, ["command"]],
        ["variable that is new", { env: { ...settings.env, A: "1" } }, ["variables.A"]],
        ["variable that is gone", { env: { DEVICE: "cuda" } }, ["variables.LEVEL"]],
        ["device", { env: { ...settings.env, DEVICE: "cpu" } }, ["device"]],
        ["secrets", { secrets: [] }, ["secrets"]],
        ["secrets, a file", { secrets: ["tracking", { secret: "hf", version: "1", file: "hf" }] }, ["secrets"]],
        ["secrets, a variable", { secrets: ["tracking", { secret: "hf", version: "1", variable: "HF_TOKEN" }] }, ["secrets"]],
        ["secrets, others", { secrets: ["tracking", "more"] }, ["secrets"]],
        ["CPU", { cpu: "4" }, ["cpu"]],
        ["memory", { memory: "12Gi" }, ["memory"]],
        ["shared memory", { sharedMemory: "4Gi" }, ["sharedMemory"]],
        ["GPUs", { placement: { ...settings.placement, gpus: 2 } }, ["gpus"]],
        ["pool", { placement: { ...settings.placement, pool: "other" } }, ["pool"]],
        ["checkpoints", { checkpoints: { bucket: "runs" } }, ["checkpoints"]],
        ["data", { data: { bucket: "letters" } }, ["data"]],
        ["volumes", { volumes: [{ claim: "index", path: "/index", readOnly: true }] }, ["volumes"]],
        ["deadline, raised", { activeDeadlineSeconds: 7200 }, ["activeDeadlineSeconds"]],
        ["attempts", { backoffLimit: 9 }, ["backoffLimit"]],
        ["grace", { graceSeconds: 30 }, ["graceSeconds"]],
        ["clean-up", { ttlSecondsAfterFinished: 60 }, ["ttlSecondsAfterFinished"]],
        ["ephemeral storage", { ephemeralStorage: "20Gi" }, ["ephemeralStorage"]],
        ["nodes, once", { nodes: 2 }, ["nodes"]],
        ["argument that is gone", { args: ["--epochs"] }, ["args"]],
        ["TensorBoard", { env: { ...settings.env, TRACKERS: "tensorboard" } }, ["tensorboard"]],
        ["variables that end as those of the platform do", { env: { ...settings.env, MY_RANK: "1" } }, ["variables.MY_RANK"]],
        ["a variable that is new and empty", { env: { ...settings.env, A: "" } }, ["variables.A"]],
        ["several in order", { graceSeconds: 30, args: [] }, ["args", "graceSeconds"]],
        ["several", { cpu: "4", memory: "12Gi", backoffLimit: 0 }, ["backoffLimit", "cpu", "memory"]],
    ];
    for (const [title, edits, fields] of cases) {
        it(`names ${title}`, () => {
            expect(kept(edits)).to.deep.equal(fields);
        });
    }

    it("names fields that were removed from the stack file", () => {
        expect(keptFields(live(), jobSpec(withoutData))).to.deep.equal(["data"]);
        expect(keptFields(live({ ttlSecondsAfterFinished: 60 }), jobSpec(settings))).to.deep.equal(["ttlSecondsAfterFinished"]);
    });

    it("names changed fields of a run on several nodes", () => {
        expect(kept({ nodes: 1 }, { nodes: 4 })).to.deep.equal(["nodes"]);
        const placement = { ...settings.placement, gpus: 2 };
        expect(kept({ nodes: 2, placement }, { nodes: 2 })).to.deep.equal(["gpus"]);
    });

    it("names arguments that the run started without", () => {
        expect(kept({}, { args: [] })).to.deep.equal(["args"]);
    });

    it("ignores fields that the API server omits, and the account that all runs share", () => {
        const env = { ...settings.env, EMPTY: "" };
        expect(kept({ env }, { env })).to.deep.equal([]);
        expect(kept({ serviceAccount: "other" })).to.deep.equal([]);
        expect(kept({ ttlSecondsAfterFinished: 60 }, { ttlSecondsAfterFinished: 60 })).to.deep.equal([]);
        expect(keptFields({}, {})).to.deep.equal([]);
        expect(keptFields({ a: null }, { a: null, b: undefined, c: {}, d: false, e: [], f: { g: undefined } })).to.deep.equal([]);
        expect(keptFields({}, { c: { of: 1 } })).to.deep.equal(["c"]);
        expect(keptFields({ d: true }, { d: false })).to.deep.equal(["d"]);
        expect(keptFields({ f: { g: 1 } }, { f: { g: undefined } })).to.deep.equal([]);
        expect(keptFields({}, { h: null })).to.deep.equal(["h"]);
        expect(keptFields({ e: [], d: false }, { e: [], d: false })).to.deep.equal([]);
        expect(keptFields({ e: [1] }, { e: [] })).to.deep.equal(["e"]);
    });

    it("names fields that a later version of the program would change, by their field in the API if the stack file has none", () => {
        const pod = (fields: object, container: object) => ({ template: { spec: { ...fields, containers: [container] } } });
        const before = pod({ restartPolicy: "Never" }, { env: [{ name: "CHECKPOINT_DIR", value: "/old" }], resources: { limits: {} } });
        const after = pod(
            { restartPolicy: "OnFailure", tolerations: [{ key: "new" }] },
            { env: [{ name: "CHECKPOINT_DIR", value: "/new" }], resources: { limits: { cpu: "1" } }, tty: true },
        );
        expect(keptFields(before, after)).to.deep.equal(["checkpoints", "cpu", "pool", "restartPolicy", "tty"]);
        expect(keptFields(pod({}, {}), pod({}, { resources: { requests: { cpu: "1" } } }))).to.deep.equal(["cpu"]);
    });

    it("ignores changes that a queue makes", () => {
        const admitted = { ...live({ queue: "gpu" }), suspend: false };
        expect(keptFields(admitted, jobSpec({ ...settings, queue: "gpu" }))).to.deep.equal([]);
    });
});

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
    checkpoints: { claim: "runs" },
    data: { bucket: "digits" },
    backoffLimit: 3,
    activeDeadlineSeconds: 3600,
    graceSeconds: 15,
    nodes: 1,
};

/** The Job as the API server answers it: defaults filled in, quantities in its own units. */
function live(edits: Partial<TrainingSettings> = {}): Record<string, unknown> {
    const spec = JSON.parse(JSON.stringify(jobSpec({ ...settings, ...edits }))) as Record<string, unknown> & {
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
    it("finds nothing in a run that is as the stack has it", () => {
        expect(kept({})).to.deep.equal([]);
        expect(kept({ nodes: 4 }, { nodes: 4 })).to.deep.equal([]);
    });

    it("takes a quantity for the same in another unit, and a text not", () => {
        expect(kept({ cpu: "2000m", memory: "10240Mi", sharedMemory: "8192Mi" })).to.deep.equal([]);
        expect(kept({ env: { DEVICE: "cuda", LEVEL: "1" } })).to.deep.equal(["variables.LEVEL"]);
        expect(kept({ args: ["--epochs", "3.0"] })).to.deep.equal(["args"]);
    });

    const { data: _, ...withoutData } = settings;
    const cases: readonly (readonly [string, Partial<TrainingSettings>, string[]])[] = [
        ["image", { image: "other" }, ["image"]],
        ["arguments", { args: [] }, ["args"]],
        ["variable that is new", { env: { ...settings.env, A: "1" } }, ["variables.A"]],
        ["variable that is gone", { env: { DEVICE: "cuda" } }, ["variables.LEVEL"]],
        ["device", { env: { ...settings.env, DEVICE: "cpu" } }, ["device"]],
        ["secrets", { secrets: [] }, ["secrets"]],
        ["secrets, others", { secrets: ["tracking", "more"] }, ["secrets"]],
        ["CPU", { cpu: "4" }, ["cpu"]],
        ["memory", { memory: "12Gi" }, ["memory"]],
        ["shared memory", { sharedMemory: "4Gi" }, ["sharedMemory"]],
        ["GPUs", { placement: { ...settings.placement, gpus: 2 } }, ["gpus"]],
        ["pool", { placement: { ...settings.placement, pool: "other" } }, ["pool"]],
        ["checkpoints", { checkpoints: { bucket: "runs" } }, ["checkpoints"]],
        ["data", { data: { bucket: "letters" } }, ["data"]],
        ["deadline, raised", { activeDeadlineSeconds: 7200 }, ["activeDeadlineSeconds"]],
        ["attempts", { backoffLimit: 9 }, ["backoffLimit"]],
        ["grace", { graceSeconds: 30 }, ["graceSeconds"]],
        ["clean-up", { ttlSecondsAfterFinished: 60 }, ["ttlSecondsAfterFinished"]],
        ["several", { cpu: "4", memory: "12Gi", backoffLimit: 0 }, ["backoffLimit", "cpu", "memory"]],
    ];
    for (const [title, edits, fields] of cases) {
        it(`names ${title}`, () => {
            expect(kept(edits)).to.deep.equal(fields);
        });
    }

    it("names what the stack file no longer has", () => {
        expect(keptFields(live(), jobSpec(withoutData))).to.deep.equal(["data"]);
        expect(keptFields(live({ ttlSecondsAfterFinished: 60 }), jobSpec(settings))).to.deep.equal(["ttlSecondsAfterFinished"]);
    });

    it("names the nodes once, whatever they change", () => {
        expect(kept({ nodes: 2 })).to.include("nodes");
    });

    it("takes what a queue does for no change", () => {
        const admitted = { ...live({ queue: "gpu" }), suspend: false };
        expect(keptFields(admitted, jobSpec({ ...settings, queue: "gpu" }))).to.deep.equal([]);
    });
});

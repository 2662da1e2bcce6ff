import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "chai";
import { CAPACITY_WAIT_SECONDS, NOT_RETRYABLE, PEER_LOST, jobSpec, rendezvousSpec, type TrainingSettings } from "../../k8s/training";
import { containerOf, podOf } from "./pods";

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
    args: [],
    env: {},
    secrets: [],
    volumes: [],
    checkpoints: { claim: "runs" },
    backoffLimit: 3,
    activeDeadlineSeconds: 3600,
    graceSeconds: 15,
    nodes: 1,
};

const names = (items: readonly unknown[]) => items.map((item) => (item as { name: string }).name);

describe("training", () => {
    it("gives the pod shared memory of the configured size, in memory", () => {
        expect(podOf(jobSpec(settings)).volumes).to.deep.include({ name: "shm", emptyDir: { medium: "Memory", sizeLimit: "8Gi" } });
        expect(containerOf(jobSpec(settings)).volumeMounts).to.deep.include({ name: "shm", mountPath: "/dev/shm" });
    });

    it("ignores disruptions first, then pods that ended because of another, and fails immediately on exit code 42", () => {
        expect(jobSpec(settings).podFailurePolicy).to.deep.equal({
            rules: [
                { action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] },
                { action: "Ignore", onExitCodes: { containerName: "trainer", operator: "In", values: [75] } },
                { action: "FailJob", onExitCodes: { containerName: "trainer", operator: "In", values: [42] } },
            ],
        });
        expect(podOf(jobSpec(settings)).restartPolicy).to.equal("Never");
    });

    it("uses the same exit codes as the trainer", () => {
        const source = readFileSync(path.join(__dirname, "..", "..", "docker", "training", "trainer", "errors.py"), "utf8");
        const codes = [...source.matchAll(/^EXIT_(\w+) = (\d+)$/gm)].map(([, name, code]) => [name, Number(code)]);
        expect(codes).to.deep.include.members([
            ["UNRECOVERABLE", NOT_RETRYABLE],
            ["PEER_LOST", PEER_LOST],
        ]);
    });

    it("keeps the limits of the run", () => {
        expect(jobSpec(settings).backoffLimit).to.equal(3);
        expect(podOf(jobSpec(settings)).terminationGracePeriodSeconds).to.equal(15);
    });

    it("limits the time that the run trains, without the time that its pods wait for nodes", () => {
        expect(CAPACITY_WAIT_SECONDS).to.equal(604_800);
        expect(jobSpec(settings).activeDeadlineSeconds).to.equal(3600 + CAPACITY_WAIT_SECONDS);
        expect(podOf(jobSpec(settings))).not.to.have.property("activeDeadlineSeconds");
        expect(containerOf(jobSpec(settings)).env).to.deep.include({ name: "DEADLINE_SECONDS", value: "3600" });
        const source = readFileSync(path.join(__dirname, "..", "..", "docker", "training", "trainer", "settings.py"), "utf8");
        expect(source).to.include('environment.get("DEADLINE_SECONDS")');
    });

    it("is never evicted to consolidate nodes", () => {
        expect(jobSpec(settings).template).to.have.nested.property("metadata.annotations").that.deep.equals({
            "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
        });
    });

    it("watches the heartbeat", () => {
        const { startupProbe, livenessProbe } = containerOf(jobSpec(settings));
        // A quarter of an hour until the first heartbeat; later a minute after 5 minutes without one.
        expect(startupProbe).to.deep.equal({
            exec: { command: ["test", "-e", "/tmp/training_alive"] },
            periodSeconds: 5,
            failureThreshold: 180,
        });
        expect(livenessProbe).to.deep.equal({
            exec: { command: ["sh", "-c", "test $(($(date +%s) - $(stat -c %Y /tmp/training_alive))) -lt 300"] },
            periodSeconds: 30,
            failureThreshold: 2,
            timeoutSeconds: 5,
        });
    });

    it("keeps the finished Job", () => {
        expect(jobSpec(settings)).to.include({ ttlSecondsAfterFinished: undefined, suspend: undefined });
    });

    it("removes the finished Job if requested", () => {
        expect(jobSpec({ ...settings, ttlSecondsAfterFinished: 60 })).to.include({ ttlSecondsAfterFinished: 60 });
    });

    it("starts suspended if a queue admits it", () => {
        expect(jobSpec({ ...settings, queue: "gpu" })).to.include({ suspend: true });
    });

    it("runs the image unchanged", () => {
        const container = containerOf(jobSpec(settings));
        expect(container).to.include({ args: undefined, command: undefined, envFrom: undefined });
        expect(container.env).to.deep.equal([
            { name: "RUN_ID", value: "first" },
            { name: "REPORT_FILE", value: "/dev/termination-log" },
            { name: "CHECKPOINT_DIR", value: "/checkpoints" },
            { name: "DEADLINE_SECONDS", value: "3600" },
        ]);
        expect(names(podOf(jobSpec(settings)).volumes)).to.deep.equal(["tmp", "shm", "checkpoints"]);
    });

    it("applies the given arguments, variables and secrets", () => {
        const container = containerOf(
            jobSpec({ ...settings, command: ["torchrun"], args: ["--epochs", "3"], env: { TRACKERS: "mlflow" }, secrets: ["tracking"] }),
        );
        expect(container).to.deep.include({
            command: ["torchrun"],
            args: ["--epochs", "3"],
            envFrom: [{ secretRef: { name: "tracking" } }],
        });
        expect(container.env).to.deep.include({ name: "TRACKERS", value: "mlflow" });
    });

    it("mounts checkpoints writable and data read-only, from a claim and from a bucket", () => {
        const spec = jobSpec({ ...settings, checkpoints: { claim: "checkpoints" }, data: { bucket: "digits" } });
        expect(podOf(spec).volumes).to.deep.include({
            name: "checkpoints",
            persistentVolumeClaim: { claimName: "checkpoints", readOnly: false },
        });
        expect(containerOf(spec).volumeMounts).to.deep.include.members([
            { name: "checkpoints", mountPath: "/checkpoints", readOnly: false },
            { name: "data", mountPath: "/data", readOnly: true },
        ]);
        expect(containerOf(spec).env).to.deep.include.members([
            { name: "CHECKPOINT_DIR", value: "/checkpoints" },
            { name: "DATA_DIR", value: "/data" },
        ]);
        expect(spec.template).to.have.nested.property("metadata.annotations").that.deep.includes({ "gke-gcsfuse/volumes": "true" });
    });

    it("mounts further volumes on their paths, with the sidecar for their buckets", () => {
        const spec = jobSpec({ ...settings, volumes: [{ bucket: "base", path: "/base", readOnly: true, cache: "10Gi" }] });
        expect(containerOf(spec).volumeMounts).to.deep.include({ name: "volume-0", mountPath: "/base", readOnly: true });
        expect(spec.template)
            .to.have.nested.property("metadata.annotations")
            .that.deep.includes({ "gke-gcsfuse/volumes": "true", "gke-gcsfuse/ephemeral-storage-request": "15Gi" });
    });
});

describe("training on several nodes", () => {
    const several = { ...settings, nodes: 4 };

    it("runs one pod without an index on one node", () => {
        expect(jobSpec(settings)).to.include({ parallelism: 1, completions: 1, completionMode: "NonIndexed" });
        expect(podOf(jobSpec(settings)).subdomain).to.equal(undefined);
    });

    const index = { fieldRef: { fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']" } };

    it("runs an indexed pod for each node, and the pods find each other by name", () => {
        expect(jobSpec(several)).to.include({ parallelism: 4, completions: 4, completionMode: "Indexed" });
        expect(podOf(jobSpec(several)).subdomain).to.equal("training-first");
        expect(containerOf(jobSpec(several)).env).to.deep.include.members([
            { name: "MASTER_ADDR", value: "training-first-0.training-first" },
            { name: "MASTER_PORT", value: "29500" },
            { name: "WORLD_SIZE", value: "4" },
            { name: "RANK", valueFrom: index },
        ]);
    });

    it("sets the same for torchrun, and a process for each GPU", () => {
        const placement = { ...several.placement, gpus: 2 };
        expect(containerOf(jobSpec({ ...several, placement })).env).to.deep.include.members([
            { name: "PET_MASTER_ADDR", value: "training-first-0.training-first" },
            { name: "PET_MASTER_PORT", value: "29500" },
            { name: "PET_NNODES", value: "4" },
            { name: "PET_NPROC_PER_NODE", value: "2" },
            { name: "PET_NODE_RANK", valueFrom: index },
        ]);
    });

    it("has a headless Service with the pods that are not ready", () => {
        expect(rendezvousSpec("first")).to.deep.include({ clusterIP: "None", publishNotReadyAddresses: true });
    });
});

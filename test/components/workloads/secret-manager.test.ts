import { expect } from "chai";
import { InferenceService } from "../../../components/inference/inference-service";
import { TrainingJob } from "../../../components/training/training-job";
import { parseConfig } from "../../../components/config/load";
import { secretObjectNames, type PodSecret } from "../../../k8s/secrets/pod-secrets";
import { record, waitsFor } from "../recorded";
import { image, service, training } from "../settings";
import { sound } from "../bad-stacks";
import { edited } from "../stack-files";

const CLASS = "kubernetes:secrets-store.csi.x-k8s.io/v1:SecretProviderClass";
const SYNC = "kubernetes:secret-sync.gke.io/v1:SecretSync";
const GRANT = "gcp:secretmanager/secretIamMember:SecretIamMember";
const TOKEN = { secret: "hf-token", version: "3", file: "hf-token" };
const BROKER = { secret: "broker", version: "1", variable: "BROKER_URL" };
const placement = { nodes: { pool: "l4", accelerator: "nvidia-l4", gpus: 1 }, fitsOneMore: true };

const serviceWith = (secrets: readonly PodSecret[]) =>
    record((options) => {
        const args = { ...service({ secrets }), project: "p", namespace: "inference", image, placement };
        return new InferenceService("digits", args, options);
    });

const runsWith = (...secrets: readonly (readonly PodSecret[])[]) =>
    record((options) => {
        const runs = secrets.map((own, index) => ({ ...training({ runId: `run-${index}`, secrets: own }), image, placement }));
        return new TrainingJob("training", { project: "p", namespace: "training", runs }, options);
    });

describe("secrets in Secret Manager", () => {
    it("come to the pods of a service by objects that exist before its Deployment", async () => {
        const recording = await serviceWith([TOKEN, BROKER]);
        const { files, variables } = secretObjectNames("digits", [TOKEN, BROKER]);
        expect(recording.one(CLASS, "digits-secret-files").inputs.metadata).to.deep.equal({ name: files, namespace: "inference" });
        expect(recording.one(CLASS, "digits-secret-variables").inputs.metadata).to.deep.equal({ name: variables, namespace: "inference" });
        expect(recording.one(SYNC, "digits-secret-sync").inputs).to.deep.include({
            metadata: { name: variables, namespace: "inference" },
        });
        expect(recording.one(SYNC, "digits-secret-sync").inputs.spec).to.deep.include({ serviceAccountName: "digits" });
        expect(waitsFor(recording.one("kubernetes:apps/v1:Deployment", "digits"))).to.include.members([
            "digits-secret-files",
            "digits-secret-sync",
        ]);
    });

    it("are readable for the workload's own account, each by name", async () => {
        const other = { secret: "projects/shared/secrets/hf-token", version: "1", file: "other" };
        const recording = await serviceWith([TOKEN, { ...TOKEN, version: "4", file: "next" }, other, "in-the-cluster"]);
        const role = "roles/secretmanager.secretAccessor";
        expect(recording.names(GRANT).map((name) => [name, recording.one(GRANT, name).inputs])).to.deep.equal([
            ["digits-secret-hf-token", { project: "p", secretId: "hf-token", role, member: "serviceAccount:digits-account@example" }],
            [
                "digits-secret-shared.hf-token",
                { project: "shared", secretId: "hf-token", role, member: "serviceAccount:digits-account@example" },
            ],
        ]);
    });

    it("are granted before the account is used, so that a missing secret fails the update before its pods", async () => {
        const recording = await serviceWith([TOKEN]);
        expect(waitsFor(recording.one("kubernetes:core/v1:ServiceAccount", "digits-kubernetes"))).to.include("digits-secret-hf-token");
    });

    it("are each run's own, and one account reads those of all", async () => {
        const recording = await runsWith([TOKEN], [TOKEN, BROKER]);
        expect(recording.names(CLASS)).to.deep.equal([
            "training-run-0-secret-files",
            "training-run-1-secret-files",
            "training-run-1-secret-variables",
        ]);
        expect(recording.names(GRANT)).to.deep.equal(["training-secret-broker", "training-secret-hf-token"]);
        expect(waitsFor(recording.one("kubernetes:batch/v1:Job", "training-run-1"))).to.include("training-run-1-secret-sync");
    });

    it("add nothing without secrets", async () => {
        const recording = await serviceWith(["in-the-cluster"]);
        expect([CLASS, SYNC, GRANT].flatMap((type) => recording.names(type))).to.deep.equal([]);
    });
});

describe("the cluster's Secret Manager add-on", () => {
    const addOnOf = (edits: Readonly<Record<string, unknown>>) => parseConfig(edited(sound, edits), "dev").cluster?.secretManager;

    it("is enabled if a workload has a secret there, or if configured", () => {
        expect(addOnOf({})).to.equal(false);
        expect(addOnOf({ "ml-platform:training.secrets": ["tracking"] })).to.equal(false);
        expect(addOnOf({ "ml-platform:training.secrets": [BROKER] })).to.equal(true);
        expect(addOnOf({ "ml-platform:inference.services[0].secrets": [TOKEN] })).to.equal(true);
        expect(addOnOf({ "ml-platform:cluster.secretManager": true })).to.equal(true);
    });
});

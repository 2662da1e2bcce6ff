import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { parseConfig } from "../../../components/config/load";
import { refuseSecond, refuseStranded } from "../../../components/training/kept-runs";
import type { Found } from "../../../components/workloads/cluster-lookup";
import { secretObjectNames } from "../../../k8s/secrets/pod-secrets";
import { sound } from "../bad-stacks";
import { edited } from "../stack-files";

const STACK = { "ml-platform/stack": "dev", "ml-platform/project": "ml-platform" };

/** The section of a stack with run `first` in namespace `training`, with some fields changed. */
function training(fields: Readonly<Record<string, unknown>> = {}) {
    const edits = Object.entries({ runId: "first", ...fields }).map(([field, value]) => [`ml-platform:training.${field}`, value]);
    return parseConfig(edited(sound, Object.fromEntries(edits) as Record<string, unknown>), "dev").training;
}

const run = (namespace: string, labels: Readonly<Record<string, string>> = STACK, rest: object = {}): Found => ({
    metadata: { name: "training-first", namespace, labels: { "ml-platform/run": "first", ...labels } },
    ...rest,
});

/** The program of stack `dev`. */
const inStack = () => pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call: () => ({}) }, "ml-platform", "dev");

describe("refuseSecond", () => {
    before(inStack);

    it("refuses the same run in a second namespace, with a remedy", () => {
        expect(() => {
            refuseSecond(training(), [run("runs")]);
        }).to.throw(
            pulumi.RunError,
            "ml-platform:training.namespace is training, but run first is in namespace runs, with its checkpoints. " +
                "Set a new ml-platform:training.runId to start a run in training, or go back: " +
                "pulumi config set --path ml-platform:training.namespace runs",
        );
    });

    it("accepts an unchanged run, a new run, and runs of other stacks", () => {
        refuseSecond(undefined, [run("runs")]);
        refuseSecond(training({ namespace: "runs" }), [run("runs")]);
        refuseSecond(training({ runId: "second" }), [run("runs")]);
        refuseSecond(training(), [run("runs", { "ml-platform/stack": "eu" })]);
        refuseSecond(training(), [run("runs", { ...STACK, "ml-platform/project": "vision" })]);
    });
});

describe("refuseStranded", () => {
    before(inStack);

    const ended = (type: string, status = "True") => ({ status: { conditions: [{ type, status }] } });
    const mounting = (bucketName: string) => ({
        spec: { template: { spec: { volumes: [{ name: "shm" }, { csi: { volumeAttributes: { bucketName } } }] } } },
    });
    const refusal = (lost: string) =>
        `Run first still trains in namespace training, and this update would remove ${lost}. ` +
        "Wait until it ends: kubectl --namespace training wait job training-first --for=condition=Complete --timeout=-1s. " +
        "To end it now: kubectl --namespace training delete job training-first";

    it("refuses to remove the section or change the namespace of an active run", () => {
        for (const section of [undefined, training({ namespace: "runs", runId: "second" })]) {
            for (const rest of [{}, ended("Complete", "False"), ended("Suspended")]) {
                expect(() => {
                    refuseStranded(section, [run("training", STACK, rest)]);
                }).to.throw(pulumi.RunError, refusal("its service account"));
            }
        }
    });

    it("refuses to remove a bucket of an active run, even if a new run follows", () => {
        const checkpoints = { bucket: "other-checkpoints" };
        for (const section of [training({ checkpoints }), training({ checkpoints, runId: "second" })]) {
            expect(() => {
                refuseStranded(section, [run("training", STACK, mounting("my-checkpoints"))]);
            }).to.throw(pulumi.RunError, refusal("its access to bucket my-checkpoints"));
        }
        refuseStranded(training({ checkpoints: { bucket: "my-checkpoints" } }), [run("training", STACK, mounting("my-checkpoints"))]);
    });

    it("refuses to remove secrets of an active run, or to change their versions", () => {
        const secrets = [
            { secret: "hf-token", version: "1", file: "hf-token" },
            { secret: "tracker", version: "1", variable: "WANDB_API_KEY" },
        ];
        const { files, variables } = secretObjectNames("run-first", secrets);
        const volumes = [{ csi: { volumeAttributes: { secretProviderClass: files } } }];
        const containers = [
            {
                env: [
                    { name: "A", value: "1" },
                    { name: "B", valueFrom: { secretKeyRef: { name: variables } } },
                ],
            },
        ];
        for (const spec of [{ volumes }, { containers }]) {
            const started = [run("training", STACK, { spec: { template: { spec } } })];
            refuseStranded(training({ secrets }), started);
            for (const fields of [{ secrets: [] }, { secrets: secrets.map((secret) => ({ ...secret, version: "2" })) }]) {
                expect(() => {
                    refuseStranded(training(fields), started);
                }).to.throw(pulumi.RunError, refusal("secrets that it was started with"));
            }
        }
    });

    it("ignores ended runs, and runs of other stacks", () => {
        for (const type of ["Complete", "Failed"]) {
            refuseStranded(undefined, [run("training", STACK, ended(type))]);
        }
        refuseStranded(undefined, [run("training", { "ml-platform/stack": "eu" })]);
        refuseStranded(undefined, [run("training", { ...STACK, "ml-platform/project": "vision" })]);
        refuseStranded(training(), [run("training")]);
    });
});

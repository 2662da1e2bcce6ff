import { expect } from "chai";
import * as pulumi from "@pulumi/pulumi";
import { refuseOthers, WorkloadNamespace } from "../../../components/workloads/workload-namespace";
import { record } from "../recorded";

describe("WorkloadNamespace", () => {
    it("creates a namespace that enforces `restricted` and denies all traffic", async () => {
        const recording = await record((options) => new WorkloadNamespace("training", { namespace: "runs" }, options));
        const namespace = recording.one("kubernetes:core/v1:Namespace", "training");
        expect(namespace.inputs.metadata).to.deep.include({ name: "runs" });
        expect(namespace.inputs.metadata).to.have.property("labels").that.includes({ "pod-security.kubernetes.io/enforce": "restricted" });
        expect(recording.one("kubernetes:networking.k8s.io/v1:NetworkPolicy", "training-default-deny").inputs).to.deep.include({
            metadata: { name: "default-deny", namespace: "runs" },
            spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
        });
        expect(recording.one("kubernetes:core/v1:ServiceAccountPatch", "training-default-account").inputs).to.deep.include({
            metadata: { name: "default", namespace: "runs" },
            automountServiceAccountToken: false,
        });
        const [component, ...children] = recording.resources;
        expect(children.every(({ options }) => options.parent === component?.resource)).to.equal(true);
    });

    it("has the labels of its stack, and adds none to an older namespace", async () => {
        const recording = await record((options) => new WorkloadNamespace("training", { namespace: "runs" }, options));
        const { inputs, options } = recording.one("kubernetes:core/v1:Namespace", "training");
        expect(inputs.metadata)
            .to.have.property("labels")
            .that.includes({ "ml-platform/stack": "test", "ml-platform/project": "ml-platform" });
        expect(options.ignoreChanges).to.include.members([
            'metadata.labels["ml-platform/stack"]',
            'metadata.labels["ml-platform/project"]',
        ]);
    });

    it("imports a kept namespace, and creates a new one", async () => {
        const taken = async (kept: string) => {
            const existing = [{ metadata: { name: kept } }];
            const recording = await record((options) => new WorkloadNamespace("training", { namespace: "runs", existing }, options));
            return recording.one("kubernetes:core/v1:Namespace", "training").options.import;
        };
        expect(await taken("runs")).to.equal("runs");
        expect(await taken("services")).to.equal(undefined);
    });

    it("is refused if it belongs to another stack", () => {
        const found = (stack: string, project: string) => [
            { metadata: { name: "runs", labels: { "ml-platform/stack": stack, "ml-platform/project": project } } },
        ];
        refuseOthers("runs", []);
        refuseOthers("services", found("eu", "ml-platform"));
        refuseOthers("runs", found("test", "ml-platform"));
        expect(() => {
            refuseOthers("runs", found("eu", "ml-platform"));
        }).to.throw(
            pulumi.RunError,
            "Namespace runs belongs to stack eu of Pulumi project ml-platform. Each stack on a cluster needs its own namespaces: set another one, for example runs-test. " +
                "To take over what a deleted stack left: kubectl label namespace runs ml-platform/stack- ml-platform/project-",
        );
    });
});

import { expect } from "chai";
import { WorkloadNamespace } from "../../components/workload-namespace";
import { record } from "./recorded";

describe("WorkloadNamespace", () => {
    it("makes a namespace that enforces `restricted`, in which nothing may talk", async () => {
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
});

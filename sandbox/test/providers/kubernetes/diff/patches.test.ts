import { expect } from "chai";
import { emptyPatch, isPatch, kindOf, patchManager } from "../../../../providers/kubernetes/diff/patches";

const PATCH = "kubernetes:core/v1:ServiceAccountPatch";
const inputs = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: "runs" } };

describe("patches", () => {
    it("are told by a type with the suffix and the object's own kind", () => {
        expect(isPatch(PATCH, inputs)).to.equal(true);
        expect(isPatch("kubernetes:core/v1:ServiceAccount", inputs)).to.equal(false);
        expect(isPatch("kubernetes:gateway.envoyproxy.io/v1alpha1:EnvoyPatch", { kind: "EnvoyPatch" })).to.equal(false);
    });

    it("are of the kind that they change", () => {
        expect(kindOf(PATCH, inputs)).to.deep.equal({ apiVersion: "v1", group: "", version: "v1", kind: "ServiceAccount" });
        expect(kindOf("kubernetes:apps/v1:Deployment", {}).kind).to.equal("Deployment");
    });

    it("have a field manager each, the same at each update", () => {
        expect(patchManager("urn:one"))
            .to.match(/^pulumi-kubernetes-[0-9a-f]{8}$/)
            .and.to.equal(patchManager("urn:one"));
        expect(patchManager("urn:one")).to.not.equal(patchManager("urn:other"));
    });

    it("give up their fields by an apply that sets none", () => {
        const live = { ...inputs, metadata: { ...inputs.metadata, uid: "u" }, automountServiceAccountToken: false };
        expect(emptyPatch(live)).to.deep.equal({
            apiVersion: "v1",
            kind: "ServiceAccount",
            metadata: { name: "default", namespace: "runs" },
        });
    });
});

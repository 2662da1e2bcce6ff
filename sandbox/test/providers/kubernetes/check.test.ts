import { expect } from "chai";
import { checkObject } from "../../../providers/kubernetes/check";
import type { Properties } from "../../../providers/property-values";

function check(type: string, inputs: Properties, namespace?: string) {
    return checkObject({ type, name: "web", inputs, oldInputs: undefined, randomSeed: Uint8Array.of(7), namespace });
}

describe("checkObject", () => {
    it("takes apiVersion and kind from the type", () => {
        const metadata = { name: "n" };
        expect(check("kubernetes:apps/v1:Deployment", { metadata }).inputs).to.deep.equal({
            apiVersion: "apps/v1",
            kind: "Deployment",
            metadata,
        });
        expect(check("kubernetes:core/v1:Service", { metadata }).inputs).to.deep.equal({ apiVersion: "v1", kind: "Service", metadata });
        const widget = check("kubernetes:example.com/v1beta1:Widget", { metadata }).inputs;
        expect(widget).to.deep.equal({ apiVersion: "example.com/v1beta1", kind: "Widget", metadata });
    });

    it("puts an object into the provider's namespace, unless it names one or has none", () => {
        const metadata = { name: "n" };
        expect(check("kubernetes:core/v1:Service", { metadata }, "ml").inputs.metadata).to.deep.equal({ name: "n", namespace: "ml" });
        const own = { name: "n", namespace: "own" };
        expect(check("kubernetes:core/v1:Service", { metadata: own }, "ml").inputs.metadata).to.deep.equal(own);
        expect(check("kubernetes:core/v1:Namespace", { metadata }, "ml").inputs.metadata).to.deep.equal(metadata);
        expect(check("kubernetes:core/v1:Service", { metadata }).inputs.metadata).to.deep.equal(metadata);
    });

    const refused: readonly (readonly [string, string, Properties, string])[] = [
        ["a patch of no object", "kubernetes:core/v1:ServiceAccountPatch", { kind: "ServiceAccount", metadata: {} }, "metadata.name"],
        ["a list", "kubernetes:core/v1:ConfigMapList", { items: [] }, "items"],
        ["generateName", "kubernetes:batch/v1:Job", { metadata: { generateName: "train-" } }, "metadata.generateName"],
    ];
    for (const [why, type, inputs, property] of refused) {
        it(`refuses ${why}`, () => {
            expect(check(type, inputs).failures.map((failure) => failure.property)).to.deep.equal([property]);
        });
    }

    it("refuses a type that is not a Kubernetes object", () => {
        expect(() => check("kubernetes:helm.sh/v3:Release", {})).to.throw("Helm releases need the official Kubernetes provider");
        expect(() => check("kubernetes:yaml:ConfigFile", {})).to.throw("is not the type of a Kubernetes object");
    });
});

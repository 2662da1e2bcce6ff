import { expect } from "chai";
import { withoutIgnored } from "../../../../providers/kubernetes/diff/ignored-fields";

const manifest = { kind: "Deployment", metadata: { name: "digits" }, spec: { replicas: 2, paused: false } };
const live = (...managers: readonly string[]) => ({
    ...manifest,
    metadata: { name: "digits", managedFields: managers.map((manager) => ({ manager, fieldsV1: { "f:spec": { "f:replicas": {} } } })) },
    spec: { replicas: 7 },
});

describe("fields with ignored changes", () => {
    it("stay with an autoscaler that manages them", () => {
        expect(withoutIgnored(manifest, live("kube-controller-manager"), ["spec.replicas"]).spec).to.deep.equal({ paused: false });
    });

    it("keep their live value where Pulumi manages them, alone or with others", () => {
        for (const managers of [["pulumi-kubernetes"], ["pulumi-kubernetes", "kubectl"], []]) {
            expect(withoutIgnored(manifest, live(...managers), ["spec.replicas"]).spec).to.deep.equal({ replicas: 7, paused: false });
        }
    });

    it("keep the program's value if the live object has no value", () => {
        expect(withoutIgnored(manifest, { ...live(), spec: {} }, ["spec.replicas"]).spec).to.deep.equal({ replicas: 2, paused: false });
    });

    it("leave all other fields unchanged", () => {
        expect(withoutIgnored(manifest, live("kube-controller-manager"), [])).to.equal(manifest);
        expect(withoutIgnored(manifest, live("kube-controller-manager"), ["metadata.labels.team"])).to.deep.equal(manifest);
    });
});

import { expect } from "chai";
import {
    fromJson,
    toImportedInputs,
    toManifest,
    toOutputs,
    toPlannedOutputs,
    toPreviewOutputs,
} from "../../../providers/kubernetes/manifest";
import { secret, UNKNOWN } from "../../../providers/property-values";

const live = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name: "a", uid: "u", resourceVersion: "7", creationTimestamp: "t", managedFields: [{}], labels: { x: "y" } },
    data: { k: "v" },
    status: { seen: true },
};

describe("toManifest", () => {
    it("leaves out status, nulls and undefined fields, and writes schema extensions with dashes", () => {
        const inputs = { kind: "X", spec: { a: null, b: undefined, c: [{ d: 0 }], x_kubernetes_int_or_string: true }, status: { s: 1 } };
        expect(toManifest(inputs)).to.deep.equal({ kind: "X", spec: { c: [{ d: 0 }], "x-kubernetes-int-or-string": true } });
    });

    it("refuses what is not known yet", () => {
        expect(() => toManifest({ spec: { a: UNKNOWN } })).to.throw("unknown fields");
    });
});

describe("outputs", () => {
    it("are the live object without its managed fields", () => {
        const { managedFields: _, ...metadata } = live.metadata;
        expect(toOutputs(live)).to.deep.equal({ ...live, metadata });
    });

    it("mark a Secret's data", () => {
        expect(toOutputs({ ...live, kind: "Secret" }).data).to.deep.equal(secret({ k: "v" }));
        expect(toOutputs(live).data).to.deep.equal({ k: "v" });
    });

    it("of a preview contain nothing that differs in the next run", () => {
        expect(toPreviewOutputs(live)).to.deep.equal({
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: "a", labels: { x: "y" } },
            data: { k: "v" },
        });
    });

    it("of a Service that does not exist yet have an unknown address, unless the program gives it", () => {
        const service = { apiVersion: "v1", kind: "Service", spec: { ports: [] } };
        expect(toPlannedOutputs(service).spec).to.deep.equal({ ports: [], clusterIP: UNKNOWN, clusterIPs: UNKNOWN });
        expect(toPlannedOutputs({ ...service, spec: { clusterIP: "None" } }).spec).to.deep.include({ clusterIP: "None" });
        expect(toPlannedOutputs(live)).to.equal(live);
    });
});

describe("toImportedInputs", () => {
    it("leaves out what the server and controllers write", () => {
        const annotations = { "deployment.kubernetes.io/revision": "3", "kubectl.kubernetes.io/last-applied-configuration": "{}" };
        expect(toImportedInputs({ ...live, metadata: { ...live.metadata, annotations } })).to.deep.equal({
            apiVersion: "v1",
            kind: "ConfigMap",
            metadata: { name: "a", labels: { x: "y" }, annotations: undefined },
            data: { k: "v" },
        });
    });

    it("gives a Secret's data unmarked", () => {
        expect(toImportedInputs({ ...live, kind: "Secret" }).data).to.deep.equal({ k: "v" });
    });
});

describe("fromJson", () => {
    it("writes schema extensions as names of fields", () => {
        expect(fromJson({ a: [{ "x-kubernetes-preserve-unknown-fields": true }] })).to.deep.equal({
            a: [{ x_kubernetes_preserve_unknown_fields: true }],
        });
    });
});

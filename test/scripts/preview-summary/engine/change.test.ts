import { expect } from "chai";
import { changes } from "../../../../scripts/preview-summary/engine/change";
import { previewOf } from "../previews";

const TYPE = "gcp:storage/bucket:Bucket";

describe("changes", () => {
    it("combines the steps of a replacement into one change", () => {
        const [change, ...others] = changes(
            previewOf([
                { op: "create-replacement", type: TYPE, old: { inputs: { a: 1 } }, new: { inputs: { a: 2 } }, replace: ["a"] },
                { op: "replace", type: TYPE, old: { inputs: { a: 1 } }, new: { inputs: { a: 2 } }, replace: ["a"], diff: ["b"] },
                { op: "delete-replaced", type: TYPE, old: { inputs: { a: 1 } } },
            ]),
        );
        expect(others).to.deep.equal([]);
        expect(change).to.deep.include({ type: TYPE, name: "it", action: "replace", fields: ["a", "b"], replacing: ["a"] });
        expect(change?.old?.inputs).to.deep.equal({ a: 1 });
        expect(change?.new?.inputs).to.deep.equal({ a: 2 });
    });

    it("names the most specific fields only", () => {
        const [change] = changes(
            previewOf([{ op: "update", type: TYPE, old: {}, new: {}, diff: ["spec", "spec.replicas", "spec.list[0].a", "specific"] }]),
        );
        expect(change?.fields).to.deep.equal(["spec.list[0].a", "spec.replicas", "specific"]);
    });

    it("omits unchanged resources, reads, components and providers", () => {
        const steps = ["same", "read", "refresh"].map((op) => ({ op, type: TYPE, name: op, old: {}, new: {} }));
        expect(
            changes(
                previewOf([
                    ...steps,
                    { op: "create", type: "ml-platform:index:GpuCluster", new: { custom: false } },
                    { op: "update", type: "pulumi:providers:kubernetes", old: {}, new: {} },
                ]),
            ),
        ).to.deep.equal([]);
    });

    it("returns changes in the order of the URNs for any order of the steps", () => {
        const steps = ["b", "a", "c"].map((name) => ({ op: "create", type: TYPE, name, new: {} }));
        const names = (ordered: typeof steps): string[] => changes(previewOf(ordered)).map(({ name }) => name);
        expect(names(steps)).to.deep.equal(["a", "b", "c"]);
        expect(names(steps.reverse())).to.deep.equal(["a", "b", "c"]);
    });
});

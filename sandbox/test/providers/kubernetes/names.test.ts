import { expect } from "chai";
import { generateName, isAutonamed, withName } from "../../../providers/kubernetes/names";
import { type Properties, UNKNOWN } from "../../../providers/property-values";

const seed = Uint8Array.of(1, 2, 3);
const annotated = { annotations: { "pulumi.com/autonamed": "true" } };

describe("generateName", () => {
    it("is the logical name and eight hex digits, the same for the same seed", () => {
        expect(generateName("web", seed)).to.match(/^web-[0-9a-f]{8}$/);
        expect(generateName("web", seed)).to.equal(generateName("web", Uint8Array.of(1, 2, 3)));
        expect(generateName("web", seed)).not.to.equal(generateName("web", Uint8Array.of(1, 2, 4)));
    });

    it("differs each time without a seed", () => {
        expect(generateName("web", new Uint8Array())).not.to.equal(generateName("web", new Uint8Array()));
    });
});

describe("withName", () => {
    it("names and marks an object that has no name", () => {
        expect(withName({ spec: 1 }, undefined, "web", seed)).to.deep.equal({
            spec: 1,
            metadata: { name: generateName("web", seed), ...annotated },
        });
    });

    it("keeps the annotations that are there", () => {
        const named = withName({ metadata: { annotations: { team: "ml" } } }, undefined, "web", seed);
        expect(named.metadata).to.deep.include({ annotations: { team: "ml", "pulumi.com/autonamed": "true" } });
    });

    it("keeps the name that was made before, whatever the seed", () => {
        const old = { metadata: { name: "web-00000001", ...annotated } };
        expect(withName({}, old, "web", seed)).to.deep.equal(old);
    });

    it("does not keep a name that the program gave and took back", () => {
        expect(withName({}, { metadata: { name: "fixed" } }, "web", seed).metadata).to.deep.include({ name: generateName("web", seed) });
    });

    for (const [why, metadata] of [
        ["the program's name", { name: "fixed" }],
        ["a name that is not known yet", { name: UNKNOWN }],
        ["metadata that are not known yet", UNKNOWN],
    ] as const) {
        it(`leaves alone ${why}`, () => {
            const inputs: Properties = { metadata };
            expect(withName(inputs, undefined, "web", seed)).to.equal(inputs);
            expect(isAutonamed(inputs)).to.equal(false);
        });
    }
});

import { expect } from "chai";
import type { PropertyType } from "../../../../providers/gcp/catalogue";
import { fromApi, type Shape, toApi } from "../../../../providers/gcp/mapped/shape";

const TYPES: Readonly<Record<string, PropertyType>> = {
    rules: {
        type: ["array", "object"],
        fields: {
            days: { type: "integer" },
            prefixes: { type: ["array", "string"] },
            state: { type: "string" },
            sendIfZero: { type: "boolean" },
        },
    },
    uniform: { type: "boolean" },
    prevention: { type: "string" },
    labels: { type: ["map", "string"] },
};
const SHAPE: Shape = {
    moved: { rules: "lifecycle.rule", uniform: "access.uniform.enabled", prevention: "access.prevention" },
    renamed: { "rules.prefixes": "prefix", "rules.state": "isLive" },
    converted: {
        "rules.state": {
            toApi: (state) => (state === "ANY" ? undefined : state === "LIVE"),
            fromApi: (isLive) => (isLive === true ? "LIVE" : "DEAD"),
        },
    },
    local: ["rules.sendIfZero"],
};
const properties = {
    rules: [{ days: 3, prefixes: ["a"], state: "LIVE" }],
    uniform: true,
    prevention: "enforced",
    labels: { prefixes: "x", "cloud.google.com/compute-class": "gpu" },
};
const body = {
    lifecycle: { rule: [{ days: 3, prefix: ["a"], isLive: true }] },
    access: { uniform: { enabled: true }, prevention: "enforced" },
    labels: { prefixes: "x", "cloud.google.com/compute-class": "gpu" },
};

describe("toApi", () => {
    it("nests, renames and converts properties, and omits those that only the provider uses", () => {
        expect(toApi({ ...properties, rules: [{ ...properties.rules[0], sendIfZero: true }] }, SHAPE)).to.deep.equal(body);
        expect(toApi({ rules: [{ days: 0, state: "ANY" }] }, SHAPE)).to.deep.equal({ lifecycle: { rule: [{ days: 0 }] } });
    });

    it("omits undefined properties", () => {
        expect(toApi({ uniform: undefined, rules: [] }, SHAPE)).to.deep.equal({ lifecycle: { rule: [] } });
    });
});

describe("fromApi", () => {
    it("reverses toApi", () => {
        expect(fromApi(body, TYPES, SHAPE)).to.deep.equal(properties);
    });

    it("reads 64-bit numbers, and ignores fields without a property", () => {
        expect(fromApi({ ...body, etag: "x", lifecycle: { rule: [{ days: "12", since: "now" }] } }, TYPES, SHAPE).rules).to.deep.equal([
            { days: 12 },
        ]);
        expect(fromApi({}, TYPES, SHAPE)).to.deep.equal({});
    });
});

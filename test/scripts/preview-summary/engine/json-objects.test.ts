import { expect } from "chai";
import { jsonObjects } from "../../../../scripts/preview-summary/engine/json-objects";

describe("jsonObjects", () => {
    it("finds each object, with any text around it and in its strings", () => {
        const one = { a: 'a "quoted" } brace {', b: { c: ["\\", "}"] } };
        const two = { d: "\\" };
        const text = `> ml-platform@0.0.0 preview\n\n${JSON.stringify(one, undefined, 4)}\nwarning: {x}\n  ${JSON.stringify(two)}error: failed\r\n`;
        expect(jsonObjects(text)).to.deep.equal([one, two]);
    });

    it("skips text that only starts like an object", () => {
        expect(jsonObjects('{ not json }\n{\n{"a": 1}\n{"b": ')).to.deep.equal([{ a: 1 }]);
        expect(jsonObjects("")).to.deep.equal([]);
        expect(jsonObjects("text {}")).to.deep.equal([]);
    });
});

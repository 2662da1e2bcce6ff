import { expect } from "chai";
import { applyMask, maskPaths } from "../../../../cloud/handlers/common/update-mask";
import type { JsonObject } from "../../../../cloud/json";

const KNOWN = { description: {}, dockerConfig: {}, labels: {} };
const CURRENT = { description: "old", dockerConfig: { immutableTags: true }, labels: { a: "b" } };

function applied(mask: string | undefined, change: JsonObject): JsonObject {
    return applyMask(CURRENT, change, maskPaths(mask), KNOWN);
}

describe("applyMask", () => {
    it("sets the fields of the mask, and clears those that the change omits", () => {
        expect(applied("description,labels", { description: "new", dockerConfig: {} })).to.deep.equal({
            description: "new",
            dockerConfig: { immutableTags: true },
        });
    });

    it("accepts fields of messages, in both forms of their names", () => {
        const expected = { ...CURRENT, dockerConfig: { immutableTags: false } };
        for (const mask of ["docker_config.immutable_tags", "dockerConfig.immutableTags"]) {
            expect(applied(mask, { dockerConfig: { immutableTags: false } })).to.deep.equal(expected);
        }
    });

    it("applies the whole change without a mask, or with `*`", () => {
        for (const mask of [undefined, "", "*"]) {
            expect(applied(mask, { description: "new" })).to.deep.equal({ ...CURRENT, description: "new" });
        }
    });

    it("refuses a field that the message does not have", () => {
        expect(() => applied("colour", {})).to.throw("Invalid field mask: unknown field 'colour'");
    });
});

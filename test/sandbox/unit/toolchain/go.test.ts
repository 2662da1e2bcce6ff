import { expect } from "chai";
import { atLeast } from "../../../../sandbox/toolchain/go";

describe("atLeast", () => {
    for (const [version, enough] of [
        ["go1.26.6", true],
        ["go1.26.8", true],
        ["go1.27", true],
        ["go2.0.0", true],
        ["go1.26.5", false],
        ["go1.26", false],
        ["go1.25.9", false],
        ["devel +abc", false],
        ["", false],
    ] as const) {
        it(`${version === "" ? "nothing" : version} is ${enough ? "" : "not "}enough for 1.26.6`, () => {
            expect(atLeast(version, [1, 26, 6])).to.equal(enough);
        });
    }
});

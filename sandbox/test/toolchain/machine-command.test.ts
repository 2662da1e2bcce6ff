import { expect } from "chai";
import { fits, machineCommand } from "../../toolchain/machine-command";

describe("fits", () => {
    for (const [version, fit] of [
        ["v3.259.0\n", true],
        ["v3.260.1", true],
        ["3.259.1", true],
        ["v3.258.9", false],
        ["v4.0.0", false],
        ["v2.999.0", false],
        ["unknown", false],
    ] as const) {
        it(`${version.trim()} ${fit ? "fits" : "does not fit"} v3.259.0`, () => {
            expect(fits(version, "v3.259.0")).to.equal(fit);
        });
    }
});

describe("machineCommand", () => {
    it("finds nothing if the command does not exist, or reports no version", () => {
        expect(machineCommand({ command: "no-such-command", least: "v1.0.0" })).to.equal(undefined);
        expect(machineCommand({ command: "false", least: "v1.0.0" })).to.equal(undefined);
    });
});

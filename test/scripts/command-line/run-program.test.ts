import { expect } from "chai";
import { CommandError } from "../../../scripts/command-line/run";
import { runProgram } from "../../../scripts/command-line/run-program";

describe("runProgram", () => {
    it("returns the exit status, and 1 for a program killed by a signal", async () => {
        expect(await runProgram("sh", ["-c", "exit 3"], __dirname)).to.equal(3);
        expect(await runProgram("sh", ["-c", `[ "$(pwd)" = "${__dirname}" ]`], __dirname)).to.equal(0);
        expect(await runProgram("sh", ["-c", "kill -9 $$"], __dirname)).to.equal(1);
    });

    it("reports a missing program", async () => {
        const error = await runProgram("no-such-program", [], __dirname).catch((reason: unknown) => reason);
        expect(error)
            .to.be.instanceOf(CommandError)
            .with.property("message", "no-such-program cannot be run: spawn no-such-program ENOENT");
    });
});

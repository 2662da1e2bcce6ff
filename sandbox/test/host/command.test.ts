import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { command, CommandError, inTerminal, onPath, succeeds } from "../../host/command";

describe("onPath", () => {
    const original = process.env.PATH;
    let folder: string;

    before(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "on-path-"));
    });

    after(() => {
        process.env.PATH = original;
        fs.rmSync(folder, { recursive: true });
    });

    it("is the first file of that name, in the order of PATH", () => {
        const [first, second] = ["first", "second"].map((name) => path.join(folder, name)) as [string, string];
        for (const place of [first, second]) {
            fs.mkdirSync(place);
        }
        fs.writeFileSync(path.join(second, "tool"), "");
        process.env.PATH = [first, second].join(path.delimiter);
        expect(onPath("tool")).to.equal(path.join(second, "tool"));
        fs.writeFileSync(path.join(first, "tool"), "");
        expect(onPath("tool")).to.equal(path.join(first, "tool"));
        expect(onPath("other")).to.equal(undefined);
    });
});

describe("command", () => {
    const failure = (...args: Parameters<typeof command>): Promise<unknown> => command(...args).catch((error: unknown) => error);

    it("returns the output of a successful program, run in a folder and with an environment", async () => {
        const folder = fs.realpathSync(os.tmpdir());
        expect(await command("/bin/sh", ["-c", "pwd; echo $A"], { cwd: folder, env: { A: "1" } })).to.equal(`${folder}\n1\n`);
    });

    it("fails with the program's standard error, or with Node's message", async () => {
        const error = await failure("/bin/sh", ["-c", "echo why >&2; exit 7"]);
        expect(error).to.be.instanceOf(CommandError).and.to.include({ reason: "why", code: 7 });
        expect((error as Error).message).to.equal("/bin/sh -c echo why >&2; exit 7: why");
        expect(await failure("/bin/sh", ["-c", "exit 7"])).to.include({ reason: "Command failed: /bin/sh -c exit 7", code: 7 });
        expect(await failure("/nowhere", [])).to.include({ reason: "spawn /nowhere ENOENT", code: "ENOENT" });
    });

    it("kills a program at its time limit", async () => {
        expect(await failure("/bin/sh", ["-c", "exec sleep 60"], { timeoutMs: 50 })).to.be.instanceOf(CommandError);
    });
});

describe("succeeds", () => {
    it("is true for status 0 only, and false for a missing program", async () => {
        expect([await succeeds("true", []), await succeeds("false", []), await succeeds("/nowhere", [])]).to.deep.equal([
            true,
            false,
            false,
        ]);
    });
});

describe("inTerminal", () => {
    it("returns the exit status, and none for a program killed by a signal", async () => {
        expect(await inTerminal("/bin/sh", ["-c", "exit 3"])).to.equal(3);
        expect(await inTerminal("/bin/sh", ["-c", "exec sleep 60"], { timeoutMs: 50 })).to.equal(undefined);
    });

    it("fails if the program is missing", async () => {
        const error = await inTerminal("/nowhere", []).catch((problem: unknown) => problem);
        expect(error).to.be.instanceOf(CommandError).with.property("message", "/nowhere: spawn /nowhere ENOENT");
    });
});

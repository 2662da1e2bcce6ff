import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { withLock } from "../../toolchain/lock";

const ROOT = path.join(__dirname, "../../..");

describe("withLock", function () {
    this.timeout(120_000);
    let folder: string;
    let file: string;

    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "lock-"));
        file = path.join(folder, "cache", "lock");
    });

    afterEach(() => {
        fs.rmSync(folder, { recursive: true });
    });

    it("lets one in at a time, also within a process", async () => {
        const events: string[] = [];
        const visit = (name: string): Promise<void> =>
            withLock(file, async () => {
                events.push(`${name} in`);
                await new Promise((resolve) => setTimeout(resolve, 50));
                events.push(`${name} out`);
            });
        await Promise.all([visit("a"), visit("b")]);
        const [first = ""] = events[0]?.split(" ") ?? [];
        const second = first === "a" ? "b" : "a";
        expect(events).to.deep.equal([`${first} in`, `${first} out`, `${second} in`, `${second} out`]);
    });

    it("gives back what the work gives, and lets the next in after work that failed", async () => {
        const failed = withLock(file, () => Promise.reject(new Error("no")));
        expect(await failed.catch((error: unknown) => (error as Error).message)).to.equal("no");
        expect(await withLock(file, () => Promise.resolve(42))).to.equal(42);
    });

    it("is free again when its holder is killed", async () => {
        const program = `
            const { withLock } = require("./sandbox/toolchain/lock");
            withLock(process.argv[1], () => { console.log("held"); return new Promise((resolve) => setTimeout(resolve, 60_000)); });
        `;
        const holder = spawn(process.execPath, ["--require", "tsx/cjs", "--eval", program, file], {
            cwd: ROOT,
            stdio: ["ignore", "pipe", "inherit"],
        });
        await once(holder.stdout, "data");
        const waited: string[] = [];
        const next = withLock(file, () => Promise.resolve("in"), {
            waiting: () => {
                waited.push("waiting");
                holder.kill("SIGKILL");
            },
        });
        expect(await next).to.equal("in");
        expect(waited).to.deep.equal(["waiting"]);
    });

    it("says which file cannot be locked", async () => {
        const dangling = path.join(folder, "dangling");
        fs.symlinkSync("missing/file", dangling);
        const refused = withLock(dangling, () => Promise.resolve());
        const problem = await refused.catch((error: unknown) => (error as Error).message);
        expect(problem).to.match(/dangling cannot be locked: flock: cannot open lock file .*No such file or directory$/);
    });

    it("says what to install if flock is missing", async () => {
        const original = process.env.PATH;
        process.env.PATH = folder;
        try {
            const refused = withLock(file, () => Promise.resolve());
            expect(await refused.catch((error: unknown) => (error as Error).message)).to.equal("flock is not on PATH: install util-linux.");
        } finally {
            process.env.PATH = original;
        }
    });
});

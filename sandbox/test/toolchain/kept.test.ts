import { expect } from "chai";
import { execFile } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { kept } from "../../toolchain/kept";

const ROOT = path.join(__dirname, "../../..");
const run = promisify(execFile);

describe("kept", function () {
    this.timeout(120_000);
    let cache: string;
    let entry: string;

    beforeEach(() => {
        cache = fs.mkdtempSync(path.join(os.tmpdir(), "kept-"));
        entry = path.join(cache, "tools-abc");
    });

    afterEach(() => {
        fs.rmSync(cache, { recursive: true });
    });

    const fill =
        (content: string) =>
        (folder: string): Promise<void> => {
            fs.writeFileSync(path.join(folder, "program"), content);
            return Promise.resolve();
        };
    const content = (): string => fs.readFileSync(path.join(entry, "program"), "utf8");

    it("creates what does not exist, and leaves what exists", async () => {
        await kept(entry, fill("first"));
        await kept(entry, fill("second"));
        expect(content()).to.equal("first");
    });

    it("leaves nothing of an entry that could not be made, and makes it the next time", async () => {
        const half = async (folder: string): Promise<void> => {
            await fill("half")(folder);
            throw new Error("the disk is full");
        };
        const problem = await kept(entry, half).then(
            () => "",
            (error: unknown) => (error as Error).message,
        );
        expect(problem).to.equal("the disk is full");
        expect(fs.readdirSync(cache)).to.deep.equal(["tools-abc.lock"]);
        await kept(entry, fill("whole"));
        expect(content()).to.equal("whole");
    });

    it("starts afresh where one that made it was killed", async () => {
        fs.mkdirSync(`${entry}.making`);
        fs.writeFileSync(path.join(`${entry}.making`, "torn"), "");
        await kept(entry, fill("whole"));
        expect(fs.readdirSync(entry)).to.deep.equal(["program"]);
    });

    it("is made by one of several processes; the others wait, say so, and find it made", async () => {
        // Each would write its own number. The one that makes the entry is done when the two others have said that they wait.
        const program = `
            const fs = require("node:fs");
            const path = require("node:path");
            const { kept } = require("./sandbox/toolchain/kept");
            const [, entry, number] = process.argv;
            const others = () => fs.readdirSync(path.dirname(entry)).filter((name) => name.startsWith("waits-")).length;
            const make = async (folder) => {
                while (others() < 2) await new Promise((resolve) => setTimeout(resolve, 20));
                fs.writeFileSync(path.join(folder, "program"), number);
                console.log("made " + number);
            };
            const progress = (line) => {
                console.log(line);
                fs.writeFileSync(path.join(path.dirname(entry), "waits-" + number), "");
            };
            kept(entry, make, progress);
        `;
        const processes = ["1", "2", "3"].map((number) =>
            run(process.execPath, ["--require", "tsx/cjs", "--eval", program, entry, number], { cwd: ROOT }),
        );
        const outputs = (await Promise.all(processes)).map(({ stdout }) => stdout.trim().split("\n"));
        const made = outputs.filter(([line]) => line?.startsWith("made "));
        expect(made).to.deep.equal([[`made ${content()}`]]);
        expect(outputs.filter((lines) => !made.includes(lines))).to.deep.equal([
            ["waiting for another command that builds it"],
            ["waiting for another command that builds it"],
        ]);
    });
});

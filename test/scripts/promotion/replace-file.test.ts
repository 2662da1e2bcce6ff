import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout } from "node:timers/promises";
import { CommandError } from "../../../scripts/command-line/run";
import { replaceFile } from "../../../scripts/promotion/replace-file";

const OLD = `${"old\n".repeat(250_000)}end\n`;
const NEW = `${"new\n".repeat(250_000)}end\n`;

describe("replaceFile", () => {
    let folder = "";
    let file = "";
    beforeEach(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "replace-"));
        file = path.join(folder, "Pulumi.prod.yaml");
        fs.writeFileSync(file, OLD, { mode: 0o640 });
    });
    afterEach(() => {
        fs.rmSync(folder, { recursive: true });
    });

    it("replaces the content, keeps the mode, and leaves no other file", async () => {
        await replaceFile(file, NEW);
        expect(fs.readFileSync(file, "utf8") === NEW).to.equal(true);
        expect(fs.statSync(file).mode & 0o777).to.equal(0o640);
        expect(fs.readdirSync(folder)).to.deep.equal(["Pulumi.prod.yaml"]);
    });

    it("follows a link", async () => {
        const link = path.join(folder, "link.yaml");
        fs.symlinkSync(file, link);
        await replaceFile(link, NEW);
        expect(fs.readlinkSync(link)).to.equal(file);
        expect(fs.readFileSync(file, "utf8") === NEW).to.equal(true);
    });

    it("keeps the file and fails if it cannot write", async () => {
        fs.mkdirSync(path.join(folder, ".Pulumi.prod.yaml.draft"));
        const error = await replaceFile(file, NEW).then(
            () => undefined,
            (reason: unknown) => reason,
        );
        expect(error)
            .to.be.instanceOf(CommandError)
            .with.property("message")
            .that.matches(/^\S+\/Pulumi\.prod\.yaml cannot be written: EISDIR.*$/);
        expect(fs.readFileSync(file, "utf8") === OLD).to.equal(true);
    });

    it("leaves no draft of a file that it could not write", async () => {
        const error = await replaceFile(file, Symbol("no text") as unknown as string).catch((reason: unknown) => reason);
        expect(error).to.be.instanceOf(CommandError);
        expect(fs.readdirSync(folder)).to.deep.equal(["Pulumi.prod.yaml"]);
        expect(fs.readFileSync(file, "utf8") === OLD).to.equal(true);
    });

    it("leaves the file complete if the process is killed at any time", async function () {
        this.timeout(120_000);
        const script = `
            const { replaceFile } = require(${JSON.stringify(path.join(__dirname, "../../../scripts/promotion/replace-file.ts"))});
            const fs = require("node:fs");
            (async () => {
                process.stdout.write("going");
                for (;;) for (const word of ["new", "old"]) await replaceFile(${JSON.stringify(file)}, (word + "\\n").repeat(250000) + "end\\n");
            })();`;
        for (let kill = 0; kill < 6; kill++) {
            const child = spawn(process.execPath, ["--require", require.resolve("tsx/cjs"), "--eval", script]);
            await once(child.stdout, "data");
            await setTimeout(kill * 7);
            child.kill("SIGKILL");
            await once(child, "exit");
            const content = fs.readFileSync(file, "utf8");
            expect(content === OLD || content === NEW, `after ${kill * 7} ms`).to.equal(true);
        }
    });
});

import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { ConfigError } from "../../../components/config/load";
import { StackFileError } from "../../../components/stack-file/yaml";
import { CommandError, description } from "../../../scripts/command-line/run";
import { script } from "../ended";

describe("--help", function () {
    this.timeout(120_000);

    for (const [file, options] of [
        ["promote.ts", ["--to", "--from", "--release", "--dry-run"]],
        ["build-local.ts", ["--stack", "--push"]],
        ["cloud-build.ts", ["--stack", "--dry-run", "--allow-dirty"]],
        ["preview-summary/main.ts", ["file", "--title", "--allow"]],
    ] as const) {
        it(`of ${file} describes each option, in any position and with any other argument`, async () => {
            const folder = fs.mkdtempSync(path.join(os.tmpdir(), "help-"));
            const { code, out, error } = await script(file, ["--unknown", "--help"], folder, folder);
            fs.rmSync(folder, { recursive: true });
            expect([code, error]).to.deep.equal([0, ""]);
            expect(out).to.match(/^Usage: /);
            expect([...out.matchAll(/^ {2}(\S+) (?:<\S+>)? +\S/gm)].map(([, option]) => option).slice(0, options.length)).to.deep.equal(
                options,
            );
        });
    }
});

describe("the description of an error", () => {
    const thrownBy = (run: () => unknown): unknown => {
        try {
            return run();
        } catch (error) {
            return error;
        }
    };

    it("is one line if the user can fix the error", () => {
        expect(description(new CommandError("no such stack"))).to.equal("no such stack");
        const unknownOption = thrownBy(() => parseArgs({ args: ["--form"], options: {} }));
        expect(description(unknownOption)).to.match(/^Unknown option '--form'.*$/);
        expect(description(new ConfigError("dev", []))).to.match(/^The configuration of stack dev has 0 problems; [^\n]*\n\n\([^\n]*\)$/);
        expect(description(new StackFileError("Pulumi.dev.yaml is not valid YAML"))).to.equal("Pulumi.dev.yaml is not valid YAML");
    });

    it("has the stack trace of an unexpected error", () => {
        expect(description(new Error("oh"))).to.match(/^Error: oh\n {4}at /);
        expect(description(Object.assign(new Error("oh"), { stack: undefined }))).to.equal("oh");
        expect(description("oh")).to.equal("oh");
    });
});

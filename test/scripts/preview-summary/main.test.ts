import { expect } from "chai";
import { spawnSync } from "node:child_process";
import * as path from "node:path";
import { expectedFile, previewFile } from "./recorded";
import * as fs from "node:fs";
import * as os from "node:os";

const ROOT = path.join(__dirname, "../../..");

function previewSummary(args: readonly string[], input = ""): { status: number | null; stdout: string; stderr: string } {
    const script = path.join(ROOT, "scripts/preview-summary/main.ts");
    const { status, stdout, stderr } = spawnSync(process.execPath, ["--require", require.resolve("tsx/cjs"), script, ...args], {
        cwd: "/",
        input,
        encoding: "utf8",
    });
    return { status, stdout, stderr };
}

describe("npm run preview:summary", function () {
    this.timeout(120_000);
    const scenario = "gpu-pool-replaced";

    it("reads a file or its input, and exits with the status of its class unless the class is allowed", () => {
        const expected = fs.readFileSync(expectedFile(scenario), "utf8");
        expect(previewSummary([previewFile(scenario), "--title", scenario])).to.deep.equal({ status: 14, stdout: expected, stderr: "" });
        const input = fs.readFileSync(previewFile(scenario), "utf8");
        expect(previewSummary(["--title", scenario, "--allow", "nodes-drained"], input)).to.deep.equal({
            status: 0,
            stdout: expected,
            stderr: "",
        });
    });

    it("reads output that PowerShell redirected to a file", () => {
        const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "preview-")), "preview.json");
        fs.writeFileSync(file, `\uFEFF${fs.readFileSync(previewFile(scenario), "utf8").replaceAll("\n", "\r\n")}`, "utf16le");
        const { stdout } = previewSummary([file, "--title", scenario]);
        fs.rmSync(path.dirname(file), { recursive: true });
        expect(stdout).to.equal(fs.readFileSync(expectedFile(scenario), "utf8"));
    });

    it("refuses wrong input with one line", () => {
        for (const [args, input, reason] of [
            [[], "", /^The input is empty: there is no preview\. .*\n$/],
            [[], "error: no stack", /^This is not the output of `pulumi preview --json`: it has no JSON object\.\n$/],
            [[], '{"steps": 1}', /^This is not the output of `pulumi preview --json`: steps .*\n$/],
            [["/nowhere.json"], "", /^\/nowhere\.json cannot be read: it does not exist\.\n$/],
            [["/"], "", /^\/ cannot be read: it is a folder\.\n$/],
            [["--alow", "removed"], "", /^Unknown option '--alow'.*\n$/],
            [["--allow", "everything"], "{}", /^Unknown class everything\. Classes: preview-failed, .*\n$/],
            [["a", "b"], "", /^Usage: .*\n$/],
        ] as const) {
            const { status, stdout, stderr } = previewSummary(args, input);
            expect(stderr).to.match(reason);
            expect({ status, stdout }).to.deep.equal({ status: 1, stdout: "" });
        }
    });
});

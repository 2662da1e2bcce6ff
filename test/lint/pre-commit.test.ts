import { expect } from "chai";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";

const root = path.join(__dirname, "..", "..");
const HOOK = path.join(root, ".githooks", "pre-commit");

/** Without the variables of a git hook that this test may run in. */
const ENVIRONMENT = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_")));

/** A repository with this project's rules, and nothing committed. */
class Clone {
    readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "pre-commit-"));

    constructor() {
        this.git("init", "--quiet");
        fs.copyFileSync(path.join(root, ".prettierrc.json"), path.join(this.folder, ".prettierrc.json"));
        // One rule that needs no types: the project's own rules take half a minute.
        fs.writeFileSync(path.join(this.folder, "eslint.config.cjs"), 'module.exports = [{ rules: { "no-var": "error" } }];\n');
        fs.symlinkSync(path.join(root, "node_modules"), path.join(this.folder, "node_modules"));
    }

    /** Writes a file, and stages it. */
    stage(file: string, text: string): void {
        fs.writeFileSync(path.join(this.folder, file), text);
        this.git("add", "--", file);
    }

    git(...args: readonly string[]): string {
        const identity = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgSign=false"];
        const { stdout, stderr, status } = spawnSync("git", [...identity, ...args], {
            cwd: this.folder,
            encoding: "utf8",
            env: ENVIRONMENT,
        });
        if (status !== 0) {
            throw new Error(stderr);
        }
        return stdout;
    }

    /** The exit status of the hook, and what it prints. */
    hook(): { readonly status: number | null; readonly output: string } {
        const { status, stdout, stderr } = spawnSync(HOOK, { cwd: this.folder, encoding: "utf8", env: ENVIRONMENT });
        return { status, output: stdout + stderr };
    }
}

describe("the pre-commit hook", function () {
    this.timeout(120_000);
    let clone: Clone;

    beforeEach(() => {
        clone = new Clone();
    });
    afterEach(() => {
        fs.rmSync(clone.folder, { recursive: true });
    });

    it("passes without staged files", () => {
        expect(clone.hook()).to.deep.equal({ status: 0, output: "" });
    });

    it("passes staged files that keep the rules, whatever their names, and ignores others", () => {
        clone.stage("good file.cjs", "module.exports = 1;\n");
        clone.stage("notes.txt", "  anything\n");
        fs.writeFileSync(path.join(clone.folder, "bad.cjs"), "var x =  1\n");
        expect(clone.hook().status).to.equal(0);
    });

    it("refuses a file that Prettier would change, and names it", () => {
        clone.stage("page.md", "# A  page\n\n\n\ntext\n");
        const { status, output } = clone.hook();
        expect(status).to.not.equal(0);
        expect(output).to.contain("page.md");
    });

    it("refuses a file that breaks a rule of ESLint, and names the rule", () => {
        clone.stage("old.cjs", "var x = 1;\nmodule.exports = x;\n");
        const { status, output } = clone.hook();
        expect(status).to.not.equal(0);
        expect(output).to.contain("no-var");
    });

    it("passes a deletion", () => {
        clone.stage("old.cjs", "module.exports = 1;\n");
        clone.git("commit", "--quiet", "--no-verify", "--message", "old");
        clone.git("rm", "--quiet", "old.cjs");
        expect(clone.hook()).to.deep.equal({ status: 0, output: "" });
    });
});

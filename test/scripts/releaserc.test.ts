import { expect } from "chai";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Repository } from "./repository";
import { workflow } from "./workflow-files";

const ROOT = path.join(__dirname, "../..");
/** Variables that semantic-release needs. Those of a build server would tell it that a pull request is no release. */
const { PATH, HOME } = process.env;

describe("the release workflow and .releaserc.json", function () {
    this.timeout(60_000);

    const command = workflow("release.yml").jobs.release?.steps?.at(-1)?.run ?? "";
    let origin: Repository;
    before(() => {
        origin = new Repository();
        fs.symlinkSync(path.join(ROOT, "node_modules"), path.join(origin.folder, "node_modules"));
        fs.writeFileSync(path.join(origin.folder, ".git/info/exclude"), "node_modules\n");
        const manifest = JSON.stringify({ name: "ml-platform", version: "0.0.0", private: true });
        origin.commit({ "package.json": manifest, ".releaserc.json": fs.readFileSync(path.join(ROOT, ".releaserc.json"), "utf8") });
        origin.git("tag", "v1.4.0");
        say("fix: a");
        origin.git("branch", "develop");
        say("docs: b");
    });

    const say = (message: string): string => origin.git("commit", "--quiet", "--allow-empty", "--message", message);

    /** The output of the workflow's command on a branch, without GitHub. */
    function dryRun(branch: string): string {
        origin.git("checkout", "--quiet", branch);
        const plugins = "@semantic-release/commit-analyzer,@semantic-release/release-notes-generator";
        const args = ["--dry-run", "--no-ci", "--repository-url", `file://${origin.folder}`, "--plugins", plugins];
        const { stdout, stderr } = spawnSync("bash", ["-ec", `${command} "$@"`, "release", ...args], {
            cwd: origin.folder,
            encoding: "utf8",
            env: { PATH, HOME, GIT_CONFIG_NOSYSTEM: "1" },
        });
        return stdout + stderr;
    }

    it("releases from main", () => {
        expect(dryRun("main")).to.contain("The next release version is 1.4.1");
    });

    it("releases a pre-release from develop", () => {
        origin.git("checkout", "--quiet", "develop");
        say("feat: c");
        expect(dryRun("develop")).to.contain("The next release version is 1.5.0-develop.1");
    });

    it("releases nothing from another branch", () => {
        origin.git("checkout", "--quiet", "-b", "other");
        say("feat: d");
        expect(dryRun("other")).to.contain("only publish from main, develop").and.not.to.contain("next release version");
    });
});

import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import type { Clone } from "./clone";
import { sandbox } from "./hooks";

interface Workflow {
    readonly jobs: Readonly<Record<string, { readonly steps: readonly { readonly run?: string }[] }>>;
}

/** Commands of a workflow that need GitHub, Google Cloud or the packages' installation, which a test machine has already. */
const ELSEWHERE = /^(gcloud |npm ci )/;

/** Runs the commands of a workflow's job on the sandbox, in their order, as GitHub's runner does: each in a shell of its own that stops at the first error. */
describe("the commands of the workflows on the sandbox", () => {
    let clone: Clone;
    let folder: string;

    before(() => {
        ({ clone } = sandbox());
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "runner "));
        clone.git("checkout", "--quiet", "-B", "main");
        clone.commit();
        // The tests run as root already, as the workflow's commands do by sudo.
        fs.writeFileSync(path.join(folder, "sudo"), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 });
    });
    after(() => {
        clone.git("checkout", "--quiet", "main");
        fs.rmSync(folder, { recursive: true });
    });

    async function runJob(
        workflow: string,
        job: string,
        left: RegExp,
        env: Readonly<Record<string, string>>,
    ): Promise<{ ran: number; summary: string }> {
        const summary = path.join(folder, `${job}.md`);
        const { jobs } = parse(clone.read(`.github/workflows/${workflow}`)) as Workflow;
        const commands =
            jobs[job]?.steps.flatMap(({ run }) => (run === undefined || ELSEWHERE.test(run) || left.test(run) ? [] : [run])) ?? [];
        // The commands of the sandbox find their tools in the cache of the person who runs them.
        const cache = process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache");
        const given = Object.entries({ ...env, XDG_CACHE_HOME: cache, RUNNER_TEMP: folder, GITHUB_STEP_SUMMARY: summary }).map(
            ([name, value]) => `${name}=${value}`,
        );
        for (const command of commands) {
            const script = `PATH="$0:$PATH"; ${command}`;
            const { code, output } = await clone.sandbox("run", "env", ...given, "bash", "-eo", "pipefail", "-c", script, folder);
            expect(code, `${command}\n${output}`).to.equal(0);
        }
        return { ran: commands.length, summary: fs.readFileSync(summary, "utf8") };
    }

    it("previews a pull request", async () => {
        // The stack of the target branch is up already, and the other tests still need the sandbox.
        const { ran, summary } = await runJob("pull-request.yml", "sandbox", /npm start|sandbox:stop/, {});
        expect(ran).to.equal(1);
        expect(summary).to.match(/^## Preview on the sandbox\n/);
    });

    it("finds no drift at the commit that a stack was deployed from", async () => {
        await clone.up();
        const { ran, summary } = await runJob("drift.yml", "drift", /^$/, { STACK: "sandbox" });
        expect(ran).to.equal(2);
        expect(summary).to.match(/^## Drift of sandbox\n/);
    });
});

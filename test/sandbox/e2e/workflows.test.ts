import { expect } from "chai";
import { OTHER_COMMANDS, type SANDBOX_JOBS } from "../../scripts/workflow-coverage";
import { type Job, workflow } from "../../scripts/workflow-files";
import type { Clone } from "./clone";
import { sandbox } from "./hooks";
import { type JobEnd, Runner } from "./workflow-runner";

const SOURCE = "docker/inference/handler.py";

const job = (name: string): Job => {
    const [file = "", own = ""] = name.split(" ");
    const found = workflow(file).jobs[own];
    if (found === undefined) {
        throw new Error(`The job ${name} does not exist`);
    }
    return found;
};

describe("the commands of the workflows on the sandbox", () => {
    let clone: Clone;
    let runner: Runner;
    let backend: string;
    let deployments: { status: string; updatedAt: string }[] = [];

    before(() => {
        ({ clone } = sandbox());
        runner = new Runner(clone, Object.keys(OTHER_COMMANDS), () => deployments);
        backend = `file://${clone.folder}/.sandbox/state`;
        clone.git("checkout", "--quiet", "-B", "main");
        clone.commit();
    });
    after(() => {
        clone.git("checkout", "--quiet", "main");
        runner.remove();
    });

    async function succeeded(name: string, given: Readonly<Record<string, string>>): Promise<JobEnd> {
        const end = await runner.run(job(name), given);
        expect(end.code, end.log).to.equal(0);
        return end;
    }

    const preview = (stack: string, ...labels: readonly string[]): Promise<JobEnd> =>
        runner.run(job("pull-request.yml preview"), {
            "vars.PULUMI_BACKEND_URL": backend,
            "matrix.stack": stack,
            "toJSON(github.event.pull_request.labels.*.name)": JSON.stringify(labels, undefined, 2),
        });

    const drift = (stack = "sandbox"): Promise<JobEnd> =>
        runner.run(job("drift.yml drift"), {
            "vars.PULUMI_BACKEND_URL": backend,
            "matrix.stack": stack,
            "github.token": "token",
            "github.repository": "team/platform",
        });

    const tests: Readonly<Record<(typeof SANDBOX_JOBS)[number], () => Promise<void>>> = {
        "pull-request.yml stacks": async () => {
            const { ran, log, outputs } = await succeeded("pull-request.yml stacks", {});
            expect(ran).to.have.length(1);
            // No release was promoted to prod. The job prints a notice instead of a failing preview.
            expect(outputs).to.deep.equal({ ready: '["dev"]' });
            expect(log).to.contain("::notice::prod deploys releases but has none yet");
        },

        "deploy.yml stacks": async () => {
            expect((await succeeded("deploy.yml stacks", {})).outputs).to.deep.equal({ ready: '["dev"]' });
        },

        "pull-request.yml preview": async () => {
            // The sandbox creates a stack in its backend on the first command that names it.
            for (const stack of ["dev", "prod"]) {
                await clone.sandbox("stack", "--stack", stack);
            }
            const dev = await preview("dev");
            expect(dev.code, dev.log).to.equal(0);
            expect(dev.ran).to.have.length(2);
            expect(runner.read("summary.md")).to.match(/^## Preview of dev\n/);

            // The exit status of the class ends the job. A label allows the class, but not a failed preview.
            const prod = await preview("prod", "documentation");
            expect([prod.code, prod.ran.length], prod.log).to.deep.equal([10, 1]);
            expect(runner.read("summary.md"))
                .to.match(/^## Preview of prod\n/)
                .and.to.contain("npm run promote -- --from dev --to prod");
            const allowed = await preview("prod", "documentation", "allow:preview-failed");
            expect([allowed.code, allowed.ran.at(-1)], allowed.log).to.deep.equal([1, 'test "${failed-no}" = no']);

            const unknown = await preview("staging");
            expect(unknown.code, unknown.log).to.equal(0);
            expect(runner.read("summary.md")).to.equal(
                "## Preview of staging\n\nNo preview: the backend does not have stack `staging` yet. Create it with `pulumi stack init staging`.\n",
            );
        },

        "deploy.yml up": async () => {
            const { ran, log } = await succeeded("deploy.yml up", { "vars.PULUMI_BACKEND_URL": backend, "inputs.stack": "sandbox" });
            expect(ran).to.deep.equal([
                "pulumi preview --policy-pack policy --stack sandbox",
                "pulumi up --yes --skip-preview --policy-pack policy --stack sandbox",
            ]);
            expect(log)
                .to.contain("✅ ml-platform@v")
                .and.to.match(/Resources:\n.* (unchanged|updated)\n/);
            // Files that actions leave in the checkout do not count as changes, so this deployment can be promoted.
            const [update] = await clone.json<{ environment: Record<string, string> }[]>("stack", "history", "--json");
            expect(update?.environment).to.include({ "git.head": clone.git("rev-parse", "HEAD").trim(), "git.dirty": "false" });
        },

        "drift.yml drift": async () => {
            const none = await drift();
            expect([none.code, none.ran.length], none.log).to.deep.equal([0, 3]);
            expect(none.log).to.contain(`sandbox was deployed from ${clone.git("rev-parse", "main").trim()}`);
            expect(none.summary).to.match(/^## Drift of sandbox\n\nNothing changes\. \d+ resources stay as before\.\n/);

            const scale = async (replicas: number): Promise<void> => {
                const args = ["scale", "deployment", "digits", "--namespace", "inference", `--replicas=${replicas}`];
                const { code, output } = await clone.sandbox("kubectl", ...args);
                expect(code, output).to.equal(0);
            };
            await scale(0);
            deployments = [
                { status: "waiting", updatedAt: "2999-01-01T00:00:00Z" },
                { status: "completed", updatedAt: "2000-01-01T00:00:00Z" },
            ];
            const some = await drift();
            deployments = [{ status: "completed", updatedAt: "2999-01-01T00:00:00Z" }];
            const meanwhile = await drift();
            deployments = [];
            await scale(1);
            expect(some.code, some.log).not.to.equal(0);
            expect(some.summary)
                .to.match(/^## Drift of sandbox\n/)
                .and.to.contain("digits");
            expect([meanwhile.code, meanwhile.summary], meanwhile.log).to.deep.equal([0, ""]);
            expect(meanwhile.log).to.contain("::notice::A deployment of sandbox ran during this check");

            const never = await drift("staging");
            expect([never.code, never.ran.length], never.log).to.deep.equal([0, 1]);
            expect(never.log).to.contain("::notice::staging has not been deployed from a commit yet");
        },

        // This test is the last, because it stops the sandbox.
        "pull-request.yml sandbox": async () => {
            clone.git("checkout", "--quiet", "main");
            const base = clone.git("rev-parse", "HEAD").trim();
            clone.write(SOURCE, `${clone.read(SOURCE)}\n# a pull request\n`);
            clone.commit();
            const { ran, log, summary } = await succeeded("pull-request.yml sandbox", { "github.event.pull_request.base.sha": base });
            clone.git("reset", "--quiet", "--hard", base);
            expect(ran).to.have.length(3);
            expect(log).to.contain("The sandbox has stopped.");
            expect(summary)
                .to.match(/^## Preview on the sandbox\n/)
                .and.to.contain("handler.py");
        },
    };
    for (const [name, test] of Object.entries(tests)) {
        it(name, test);
    }

    it("are refused if they have an unknown expression or condition", async () => {
        const error = (of: Job): Promise<unknown> => runner.run(of, { "inputs.stack": "dev" }).catch((problem: unknown) => problem);
        expect(await error(job("deploy.yml up"))).to.have.property(
            "message",
            "The expression vars.PULUMI_BACKEND_URL has no value in this test",
        );
        const conditional = { steps: [{ if: "failure()", run: "true" }] };
        expect(await error(conditional)).to.have.property("message", "The condition failure() is unknown to this test");
    });
});

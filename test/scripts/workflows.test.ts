import { expect } from "chai";
import manifest from "../../package.json";
import { workflow, workflowFiles, workflowText } from "./workflow-files";

/** Finds actions that are not pinned to a commit with its version, and npm scripts that do not exist. */
function faults(text: string): string[] {
    const uses = [...text.matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, value = ""]) => value);
    const loose = uses.filter((value) => !/^[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(value) && !value.startsWith("./"));
    const scripts = [...text.matchAll(/npm (?:run (?:--silent )?([\w:-]+)|(start|test))\b/g)].map(([, run, own]) => run ?? own ?? "");
    return [...loose, ...scripts.filter((name) => !(name in manifest.scripts))];
}

describe("workflows", () => {
    for (const file of workflowFiles()) {
        it(`${file} pins its actions, runs existing scripts, has the least permissions and limits the time of its jobs`, () => {
            expect(faults(workflowText(file))).to.deep.equal([]);
            const { permissions, jobs } = workflow(file);
            expect(permissions).to.deep.equal({});
            for (const [name, job] of Object.entries(jobs)) {
                expect(job.permissions, name).to.be.an("object");
                if (job.uses === undefined) {
                    expect(job["timeout-minutes"], name).to.be.a("number");
                }
                for (const step of job.steps ?? []) {
                    if (step.uses?.startsWith("actions/checkout@") === true) {
                        expect(step.with, name).to.include({ "persist-credentials": false });
                    }
                }
            }
        });
    }

    it("are reported if an action is not pinned or a script does not exist", () => {
        expect(faults("- uses: actions/checkout@v7\n- run: npm run nothing\n- run: npm start\n- uses: ./local.yml\n")).to.deep.equal([
            "actions/checkout@v7",
            "nothing",
        ]);
    });

    it("give a pull request no write permission, except to the job that comments, which runs no code from it", () => {
        const { jobs, on } = workflow("pull-request.yml");
        expect(on).to.have.all.keys("pull_request");
        const writers = Object.entries(jobs).filter(([, { permissions }]) =>
            Object.entries(permissions ?? {}).some(([scope, access]) => access === "write" && scope !== "id-token"),
        );
        expect(writers.map(([name]) => name)).to.deep.equal(["comment"]);
        expect(jobs.comment?.permissions).to.deep.equal({ "pull-requests": "write" });
        expect(jobs.comment?.steps?.filter(({ run, uses }) => run !== undefined || uses?.startsWith("actions/checkout@"))).to.deep.equal(
            [],
        );
    });

    it("preview with the policies before they deploy, so that a violation is reported before any change", () => {
        const { steps = [] } = workflow("deploy.yml").jobs.up ?? {};
        const commands = steps.flatMap((step) => (step.with?.command === undefined ? [] : [step.with]));
        expect(commands.map(({ command }) => command)).to.deep.equal(["preview", "up"]);
        const [preview, up] = commands.map((inputs) => ({ ...inputs, command: undefined }));
        expect(preview).to.deep.equal(up);
    });

    it("run one update of a stack at a time, do not cancel it, and do not skip it for a drift check", () => {
        expect(workflow("deploy.yml").jobs.up?.concurrency).to.deep.equal({
            group: "deploy-${{ inputs.stack }}",
            "cancel-in-progress": false,
        });
        expect(workflow("drift.yml").jobs.drift?.concurrency).to.deep.equal({
            group: "drift-${{ matrix.stack }}",
            "cancel-in-progress": false,
        });
        expect(workflow("deploy.yml").jobs.up?.environment).to.equal("${{ inputs.environment }}");
    });

    it("deploy the stack that the caller names, from its environment", () => {
        for (const stack of ["dev", "prod"]) {
            expect(workflow(`deploy-${stack}.yml`).jobs[stack]).to.deep.include({
                uses: "./.github/workflows/deploy.yml",
                with: { stack, environment: stack },
            });
        }
    });

    it("deploy each stack from one branch", () => {
        for (const file of ["deploy-dev.yml", "deploy-prod.yml"]) {
            expect(workflow(file).on.push, file).to.have.property("branches").that.deep.equals(["main"]);
        }
    });

    it("impersonate a service account, because a federated token expires during a build", () => {
        const logins = workflowFiles().flatMap((file) =>
            Object.values(workflow(file).jobs).flatMap(({ steps = [] }) =>
                steps.flatMap(({ uses, with: inputs }) => (uses?.startsWith("google-github-actions/auth@") === true ? [inputs] : [])),
            ),
        );
        expect(logins).to.have.length(3);
        for (const inputs of logins) {
            expect(inputs?.service_account).to.match(/^\$\{\{ vars\.(DEPLOY|PREVIEW)_SERVICE_ACCOUNT \}\}$/);
        }
    });

    it("run on a supported version of Node", () => {
        const versions = workflowFiles().flatMap((file) =>
            Object.values(workflow(file).jobs).flatMap(({ steps = [] }) => steps.flatMap((step) => step.with?.["node-version"] ?? [])),
        );
        expect(new Set(versions)).to.deep.equal(new Set([24]));
    });

    it("do not deploy or preview a stack before its first promotion", () => {
        expect(workflow("deploy.yml").jobs.up).to.include({
            needs: "stacks",
            if: "contains(fromJSON(needs.stacks.outputs.ready), inputs.stack)",
        });
        expect(workflow("pull-request.yml").jobs.preview?.if).to.equal("needs.stacks.outputs.ready != '[]'");
    });
});

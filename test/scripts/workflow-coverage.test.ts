import { expect } from "chai";
import { parse } from "yaml";
import manifest from "../../package.json";
import { commandOf } from "./workflow-commands";
import { gaps, OTHER_COMMANDS, OTHER_JOBS, SANDBOX_JOBS } from "./workflow-coverage";
import { type Workflow, workflow, workflowFiles } from "./workflow-files";

describe("the jobs and commands of the workflows", () => {
    it("are all listed, and every listed one exists", () => {
        const coverage = { sandboxJobs: SANDBOX_JOBS, otherJobs: Object.keys(OTHER_JOBS), otherCommands: Object.keys(OTHER_COMMANDS) };
        expect(gaps(new Map(workflowFiles().map((file) => [file, workflow(file)])), coverage)).to.deep.equal([]);
        expect(manifest.scripts.test.split(" ")).to.include("test:unit");
    });

    it("are reported if they are not listed or do not exist", () => {
        const planted = parse(
            "jobs: {known: {steps: [{run: npm test}, {uses: 'a/b@1'}, {run: make}]}, new: {steps: []}, run: {steps: [{run: make}]}}",
        ) as Workflow;
        const listed = { sandboxJobs: ["w.yml run"], otherJobs: ["w.yml known", "w.yml gone"], otherCommands: ["npm test", "npm ci"] };
        expect(gaps(new Map([["w.yml", planted]]), listed)).to.deep.equal([
            "the job w.yml new is not listed",
            "the job w.yml gone does not exist",
            "no test runs the command of w.yml known: make",
            "no job runs npm ci",
        ]);
    });

    it("include the commands that pulumi/actions runs, and refuse its unknown inputs", () => {
        const action = { uses: "pulumi/actions@1", with: { command: "up", "stack-name": "dev", policyPacks: "a, b" } };
        expect(commandOf(action, String)).to.equal("pulumi up --yes --skip-preview --policy-pack a --policy-pack b --stack dev");
        expect(() => commandOf({ ...action, with: { ...action.with, refresh: true } }, String)).to.throw(
            /^Unknown inputs of pulumi\/actions: .*"refresh":true/,
        );
        expect(commandOf({ ...action, with: { "pulumi-version": "3.259.0" } }, String)).to.equal(undefined);
    });
});

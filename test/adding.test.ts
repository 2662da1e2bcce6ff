import { execFile, execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import type { Results } from "./docs/recipe-results";
import { apply, patched, recipesOf } from "./docs/recipes";

const ROOT = path.join(__dirname, "..");
const recipes = recipesOf(fs.readFileSync(path.join(ROOT, "docs/adding.md"), "utf8"));
const changes = recipes.flatMap((recipe) => recipe.changes);
const run = promisify(execFile);

/** The changes of the recipes, and the checks that they work. */
const COPIED = [
    ...["index.ts", "package.json", "tsconfig.check.json", "Pulumi.yaml", "Pulumi.sandbox.yaml"],
    ...["components", "docker", "gke", "k8s", "policy", "sandbox", "test/components", "test/docs", "test/policy"],
];

/** A copy of the project, with the installed packages. */
function copyOfProject(): string {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "recipes-"));
    const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard", ...COPIED], { cwd: ROOT });
    for (const file of files.toString().split("\0")) {
        if (fs.statSync(path.join(ROOT, file), { throwIfNoEntry: false })?.isFile()) {
            fs.mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
            fs.copyFileSync(path.join(ROOT, file), path.join(folder, file));
        }
    }
    fs.symlinkSync(fs.realpathSync(path.join(ROOT, "node_modules")), path.join(folder, "node_modules"));
    return folder;
}

describe("docs/adding.md", function () {
    // The compiler reads the declarations of all providers.
    this.timeout(180_000);
    let folder: string;
    let results: Results;

    before(async () => {
        folder = copyOfProject();
        for (const change of changes) {
            apply(folder, change);
        }
        const section = changes.find(({ kind }) => kind === "stack file")?.text ?? "";
        const { stdout } = await run(process.execPath, ["--require", "tsx/cjs", "test/docs/recipe-results.ts", section], {
            cwd: folder,
            maxBuffer: 1 << 26,
        });
        results = JSON.parse(stdout) as Results;
    });

    after(() => {
        fs.rmSync(folder, { recursive: true });
    });

    const one = (type: string, name: string) =>
        results.resources.find((resource) => resource.type === type && resource.name === name)?.inputs ?? {};

    for (const { title, counted, changes: own } of recipes) {
        it(`counts the changed files: ${title}`, () => {
            const edited = new Set(own.filter(({ kind }) => kind === "diff").map(({ file }) => file));
            expect(edited.size).to.equal(Number(/(\d+) (?:files?|edits)$/.exec(counted)?.[1]));
        });
    }

    it("contains code that compiles", async () => {
        const files = ["index.ts", "policy/index.ts", "sandbox/providers/gcp/mapped/all.ts"];
        const config = { extends: "./tsconfig.check.json", include: [], files };
        fs.writeFileSync(path.join(folder, "tsconfig.recipes.json"), JSON.stringify(config));
        const compiler = path.join("node_modules", "typescript", "bin", "tsc");
        const { stdout } = await run(process.execPath, [compiler, "--noEmit", "-p", "tsconfig.recipes.json"], { cwd: folder }).catch(
            (error: unknown) => error as { readonly stdout: string },
        );
        expect(stdout).to.equal("");
    });

    it("adds an accelerator", () => {
        expect(one("gcp:container/nodePool:NodePool", "cluster-inference").nodeConfig)
            .to.deep.include({ machineType: "x1-standard-8" })
            .and.to.have.nested.property("guestAccelerators[0].type", "nvidia-example");
    });

    it("adds a field of a pool", () => {
        expect(one("gcp:container/nodePool:NodePool", "cluster-inference").nodeConfig).to.have.property("diskType", "pd-ssd");
        expect(one("gcp:container/nodePool:NodePool", "cluster-training").nodeConfig).to.have.property("diskType", "pd-balanced");
    });

    it("adds a check, with a command that fixes what it reports", () => {
        expect(results.problems).to.deep.include({
            key: "ml-platform:registry.keepNewest",
            problem: "is 1, so the clean-up deletes the image that a rollback needs",
            remedy: "pulumi config set --path 'ml-platform:registry.keepNewest' 2",
        });
    });

    it("adds a policy rule", () => {
        const violation = results.violations.find(({ rule }) => rule === "job-retries");
        expect(violation?.message)
            .to.contain("The Job may fail 11 times before it stops.")
            .and.to.contain("Set backoffLimit to 10 or less.");
    });

    it("adds a simulated resource type, with the inputs of the installed SDK", async () => {
        expect(results.id).to.equal("projects/p/global/httpHealthChecks/live");
        const mocha = path.join("node_modules", "mocha", "bin", "mocha.js");
        const only = ["--no-config", "--require", "tsx/cjs", "--grep", "HttpHealthCheck", "sandbox/test/providers/gcp/catalogue.test.ts"];
        const { stdout } = await run(process.execPath, [mocha, ...only], { cwd: folder });
        expect(stdout).to.contain("1 passing");
    });

    it("adds a kind of workload, which the program deploys", () => {
        const { spec, metadata } = one("kubernetes:batch/v1:CronJob", "nightly");
        expect(metadata).to.include({ name: "nightly", namespace: "schedules" });
        expect(spec).to.include({ schedule: "0 3 * * *" });
        const pod = "jobTemplate.spec.template.spec";
        expect(spec).to.have.nested.property(`${pod}.nodeSelector`).that.includes({ "ml-platform/pool": "training" });
        expect(spec)
            .to.have.nested.property(`${pod}.containers[0].image`)
            .that.matches(/@sha256:/);
        expect(one("kubernetes:core/v1:Namespace", "schedules").metadata).to.have.property("name", "schedules");
        expect(one("gcp:serviceaccount/iAMMember:IAMMember", "nightly-binding").member).to.contain("[schedules/nightly]");
    });

    it("adds a kind of workload, which the shared checks read", () => {
        expect(results.problems.map(({ key }) => key)).to.include("ml-platform:schedules.schedules[0].gpus");
    });
});

describe("patched", () => {
    const TEXT = "one\ntwo\nthree\nfour\n";

    it("adds, removes and replaces lines, in several places", () => {
        expect(patched(TEXT, "+zero\n one\n@@\n-three\n+3\n four\n+five\n")).to.equal("zero\none\ntwo\n3\nfour\nfive\n");
    });

    it("refuses lines that the file does not have, or has several times", () => {
        expect(() => patched(TEXT, " tw\n+x\n")).to.throw("it does not have:\ntw\n");
        expect(() => patched(`${TEXT}two\n`, " two\n+x\n")).to.throw("it has several times:\ntwo\n");
    });
});

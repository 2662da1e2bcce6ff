import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { cloudBuild as runCloudBuild } from "../../scripts/build/cloud-build";
import { type Ended, ended, script } from "./ended";
import { Repository } from "./repository";

const ROOT = path.join(__dirname, "../..");
const OUTPUTS = {
    registryUri: "us-central1-docker.pkg.dev/team-ml/ml-images",
    cacheUri: "us-central1-docker.pkg.dev/team-ml/ml-images-cache",
    buildAccount: "projects/team-ml/serviceAccounts/build-images-dev@team-ml.iam.gserviceaccount.com",
};

describe("npm run cloud-build", function () {
    this.timeout(60_000);

    let repository: Repository;
    let commit = "";
    let programs = "";

    beforeEach(() => {
        repository = new Repository();
        commit = repository.commit({
            "Pulumi.yaml": fs.readFileSync(path.join(ROOT, "Pulumi.yaml"), "utf8"),
            "Pulumi.dev.yaml": `config:
    gcp:project: team-ml
    ml-platform:images:
        from: build
    ml-platform:build:
        github:
            owner: o
            name: n
`,
            "Pulumi.staging.yaml": `config:\n    gcp:project: team-ml\n    ml-platform:images:\n        from: release\n        release:\n            commit: "1"\n`,
        });
        programs = fs.mkdtempSync(path.join(os.tmpdir(), "programs-"));
        program("pulumi", `[ "$5" = dev ] || { echo "error: no stack named '$5' found" >&2; exit 1; }\necho '${JSON.stringify(OUTPUTS)}'`);
        program("gcloud", `touch ${programs}/submitted; echo "gcloud $*"; cat "$(echo "$*" | sed 's/.*--config=\\([^ ]*\\).*/\\1/')"`);
    });
    afterEach(() => {
        fs.rmSync(programs, { recursive: true });
    });

    function program(name: string, script: string): void {
        fs.writeFileSync(path.join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }

    const submitted = (): boolean => fs.existsSync(path.join(programs, "submitted"));
    const cloudBuild = (...args: string[]): Promise<Ended> => ended((print) => runCloudBuild(args, repository.folder, print), programs);

    it("prints the build with --dry-run, and submits nothing", async () => {
        const { code, out, error } = await cloudBuild("--dry-run");
        expect(code, error).to.equal(0);
        expect(out.split("\n")[0]).to.equal(
            `# gcloud builds submit . --project=team-ml --region=us-central1 --config=cloudbuild.yaml --substitutions=COMMIT_SHA=${commit},SHORT_SHA=${commit.slice(0, 7)}`,
        );
        expect(parse(out)).to.deep.include({ serviceAccount: OUTPUTS.buildAccount, timeout: "1800s" });
        expect((parse(out) as { images: string[] }).images).to.include("us-central1-docker.pkg.dev/team-ml/ml-images/inference:$SHORT_SHA");
    });

    it("submits the build that the dry run prints", async () => {
        const dryRun = await cloudBuild("--dry-run");
        // gcloud talks to the terminal itself, so the command runs in a separate process.
        const submitted = await script("cloud-build.ts", [], repository.folder, programs);
        expect(submitted.out).to.match(/^gcloud builds submit \. --project=team-ml /);
        expect(parse(submitted.out.slice(submitted.out.indexOf("\n")))).to.deep.equal(parse(dryRun.out));
    });

    it("refuses a dirty work tree, naming the files; --allow-dirty tags it", async () => {
        repository.write({ "docker/new.py": "1" });
        const refused = await cloudBuild("--dry-run");
        expect(refused).to.include({ code: 1, out: "" });
        expect(refused.error).to.equal(
            "The work tree has uncommitted changes: docker/new.py. Commit them, or tag the images as dirty with --allow-dirty.\n",
        );
        const { out } = await cloudBuild("--dry-run", "--allow-dirty");
        expect(out)
            .to.contain(`SHORT_SHA=${commit.slice(0, 7)}-dirty`)
            .and.to.contain("/inference:latest-dirty");
        expect(out).not.to.match(/:latest$/m);
    });

    it("refuses a stack that does not exist, is not deployed, or does not build", async () => {
        expect((await cloudBuild("--stack", "other")).error).to.match(/^There is no stack other: .*\n$/);
        expect((await cloudBuild("--stack", "staging")).error).to.equal("Stack staging builds no images: it takes them from a release.\n");
        repository.commit({ "Pulumi.test.yaml": repository.read("Pulumi.dev.yaml") });
        expect((await cloudBuild("--stack", "test")).error).to.match(/^Stack test has no registry to build for yet: deploy it first.*\n$/);
        expect(submitted()).to.equal(false);
    });

    it("refuses an encrypted value as the program does, and ignores those of providers", async () => {
        const file = repository.read("Pulumi.dev.yaml");
        repository.commit({ "Pulumi.dev.yaml": `${file}    gcp:credentials:\n        secure: v1:x\n` });
        expect((await cloudBuild("--dry-run")).code).to.equal(0);
        repository.commit({
            "Pulumi.dev.yaml": `${file}    ml-platform:training:\n        variables:\n            KEY:\n                secure: v1:x\n`,
        });
        expect((await cloudBuild("--dry-run")).error).to.match(
            /^ {2}ml-platform:training\.variables\.KEY: is encrypted in the stack file/m,
        );
    });

    it("refuses malformed YAML, a missing project file, and an unknown option", async () => {
        repository.commit({ "Pulumi.dev.yaml": "config: [\n" });
        expect((await cloudBuild()).error).to.match(/^Pulumi\.dev\.yaml is not valid YAML: .* \(line 2, column 1\)\n$/);
        fs.rmSync(path.join(repository.folder, "Pulumi.yaml"));
        expect((await cloudBuild()).error).to.equal(`${path.join(repository.folder, "Pulumi.yaml")} cannot be read: it does not exist.\n`);
        expect((await cloudBuild("--stak", "dev")).error).to.equal("Unknown option '--stak'\n");
        expect(submitted()).to.equal(false);
    });

    it("refuses to work outside a git repository, and without Pulumi", async () => {
        fs.rmSync(path.join(repository.folder, ".git"), { recursive: true });
        expect((await cloudBuild()).error).to.match(/^Images are tagged with a git commit, and git finds none for \S+: .+\n$/);
        repository.git("init", "--quiet");
        repository.git("config", "user.name", "Ann");
        repository.git("config", "user.email", "ann@example.com");
        repository.commit({});
        const bare = (...args: string[]): Promise<Ended> =>
            ended((print) => runCloudBuild(args, repository.folder, print), programs, "/usr/bin:/bin");
        fs.rmSync(path.join(programs, "pulumi"));
        expect((await bare("--dry-run")).code).to.equal(0);
        expect((await bare()).error).to.match(
            /^pulumi is not on PATH: install it \(https:\S+\), or use the sandbox's: npm run sandbox -- run npm run /,
        );
        expect(submitted()).to.equal(false);
    });
});

import { expect } from "chai";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as http from "node:http";
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { buildLocal as runBuildLocal } from "../../scripts/build/build-local";
import { type Ended, ended, script } from "./ended";
import { Repository } from "./repository";

const ROOT = path.join(__dirname, "../..");

describe("npm run build-local", function () {
    this.timeout(60_000);

    const server = http.createServer((_, response) => response.writeHead(401).end());
    let repository: Repository;
    let commit = "";
    let programs = "";
    let registry = "";

    before(async () => {
        server.listen(0, "127.0.0.1");
        await once(server, "listening");
        registry = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    });
    after(() => server.close());
    beforeEach(() => {
        repository = new Repository();
        commit = repository
            .commit({
                "Pulumi.yaml": fs.readFileSync(path.join(ROOT, "Pulumi.yaml"), "utf8"),
                "Pulumi.dev.yaml": "config:\n    gcp:project: team-ml\n    ml-platform:images:\n        from: build\n",
                "Pulumi.staging.yaml": `config:\n    gcp:project: team-ml\n    ml-platform:images:\n        from: release\n        release:\n            commit: "1"\n`,
            })
            .slice(0, 7);
        programs = fs.mkdtempSync(path.join(os.tmpdir(), "programs-"));
        // Only git of this machine's programs, because others may be builders.
        fs.symlinkSync(execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim(), path.join(programs, "git"));
        deploy(registry);
        builder("exit 0");
    });
    afterEach(() => {
        fs.rmSync(programs, { recursive: true });
    });

    function program(name: string, script: string): void {
        fs.writeFileSync(path.join(programs, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    }

    /** A Docker that records the arguments of its builds. */
    const builder = (end: string): void => {
        program("docker", `case "$*" in *inspect*) exit 0 ;; esac\necho "docker $*" >> ${programs}/built\n${end}`);
    };

    /** A Pulumi with a stack dev that has a registry. */
    function deploy(host: string): void {
        const outputs = { registryUri: `${host}/p/ml-images`, cacheUri: `${host}/p/ml-images-cache` };
        program("pulumi", `[ "$5" = dev ] || { echo "error: no stack named '$5' found" >&2; exit 1; }\necho '${JSON.stringify(outputs)}'`);
    }

    const buildLocal = (...args: string[]): Promise<Ended> =>
        ended((print) => runBuildLocal(args, repository.folder, print), programs, programs);
    const built = (): readonly string[] =>
        fs.existsSync(path.join(programs, "built"))
            ? fs
                  .readFileSync(path.join(programs, "built"), "utf8")
                  .trimEnd()
                  .split("\n")
                  .map((line) => line.replace(/ --(label|build-arg)=\S*/g, ""))
            : [];

    /** Expects a reason in one line, exit status 1, and no build. */
    async function refused(args: readonly string[], reason: RegExp): Promise<void> {
        const status = repository.git("status", "--porcelain");
        const { code, out, error } = await buildLocal(...args);
        expect(error).to.match(reason);
        expect(error.trimEnd().split("\n"), error).to.have.length(1);
        expect({ code, out }).to.deep.equal({ code: 1, out: "" });
        expect(built()).to.deep.equal([]);
        expect(repository.git("status", "--porcelain")).to.equal(status);
    }

    it("builds both images with Docker, under names of this machine, and pushes nothing", async () => {
        expect(await buildLocal()).to.deep.equal({ code: 0, out: "inference\ntraining\n", error: "" });
        expect(built()).to.have.length(2);
        for (const [index, image] of ["inference", "training"].entries()) {
            expect(built()[index])
                .to.match(new RegExp(`^docker buildx build .*--load docker/${image}$`))
                .and.to.contain(`--tag=ml-platform/${image}:${commit}`)
                .and.not.to.match(/--push|--cache/);
        }
    });

    it("pushes to the registry of the stack with --push, and appends -dirty to the tags of uncommitted changes", async () => {
        repository.write({ "docker/new.py": "1" });
        expect((await buildLocal("--push")).code).to.equal(0);
        expect(built()[0])
            .to.match(
                /--provenance=mode=max --sbom=generator=docker\/buildkit-syft-scanner:\d+\.\d+\.\d+@sha256:[0-9a-f]{64} --push docker\/inference$/,
            )
            .and.to.contain(`--tag=${registry}/p/ml-images/inference:${commit}-dirty`)
            .and.to.contain(`--cache-from=type=registry,ref=${registry}/p/ml-images-cache/inference:`);
    });

    it("stops at the first build that fails, and exits with its status", async () => {
        builder("exit 7");
        expect(await buildLocal()).to.deep.equal({ code: 7, out: "inference\n", error: "" });
        expect(built()).to.have.length(1);
    });

    it("is what npm runs", async () => {
        const { code, out, error } = await script("build-local.ts", [], repository.folder, programs);
        expect({ code, out, error }).to.deep.equal({ code: 0, out: "inference\ntraining\n", error: "" });
    });

    it("refuses wrong arguments, and a stack that does not exist, is not deployed, or does not build", async () => {
        await refused(["--stak", "dev"], /^Unknown option '--stak'/);
        await refused(["dev"], /^Unexpected argument 'dev'/);
        await refused(["--stack", "other"], /^There is no stack other: .* Stacks with a file: dev, staging\.$/m);
        await refused(["--stack", "staging"], /^Stack staging builds no images: it takes them from a release\.$/m);
        repository.commit({ "Pulumi.test.yaml": repository.read("Pulumi.dev.yaml") });
        await refused(["--stack", "test", "--push"], /^Stack test has no registry to build for yet: deploy it first/);
    });

    it("refuses a stack file that is not YAML", async () => {
        repository.commit({ "Pulumi.dev.yaml": "config: [\n" });
        await refused([], /^Pulumi\.dev\.yaml is not valid YAML: .* \(line 2, column 1\)$/m);
    });

    it("refuses to push with a builder that drops attestations, and accepts the same Docker with images in containerd", async () => {
        const dockerDriver = (status: string): void => {
            program(
                "docker",
                `case "$*" in
                    *inspect*) printf 'Name:   default\\nDriver: docker\\n' ;;
                    info*) echo '${status}' ;;
                    *) echo "docker $*" >> ${programs}/built ;;
                esac`,
            );
        };
        dockerDriver('[["Backing Filesystem","extfs"]]');
        await refused(["--push"], /^Docker's own builder cannot push an image with its provenance: .*`docker buildx create --use`/);
        expect((await buildLocal()).code).to.equal(0);
        dockerDriver('[["driver-type","io.containerd.snapshotter.v1"]]');
        expect((await buildLocal("--push")).code).to.equal(0);
        expect(built()).to.have.length(4);
    });

    it("refuses to push to a registry that cannot be reached, before it builds", async () => {
        deploy("127.0.0.1:1");
        await refused(["--push"], /^The registry 127\.0\.0\.1:1 cannot be reached: /);
    });

    it("refuses to work outside a git repository", async () => {
        fs.renameSync(path.join(repository.folder, ".git"), path.join(programs, "kept"));
        const { code, out, error } = await buildLocal();
        fs.renameSync(path.join(programs, "kept"), path.join(repository.folder, ".git"));
        expect({ code, out }).to.deep.equal({ code: 1, out: "" });
        expect(error).to.equal(
            `Images are tagged with a git commit, and git finds none for ${repository.folder}: not a git repository (or any of the parent directories): .git.\n`,
        );
        expect(built()).to.deep.equal([]);
    });

    it("reports a missing builder, and a missing Pulumi", async () => {
        fs.rmSync(path.join(programs, "docker"));
        await refused(
            [],
            /^No builder answers: start Docker with its buildx plugin, or build in the sandbox: `npm run sandbox -- run npm run build-local`\./,
        );
        fs.rmSync(path.join(programs, "pulumi"));
        await refused(["--push"], /^pulumi is not on PATH: /m);
    });
});

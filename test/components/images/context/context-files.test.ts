import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { minimatch } from "minimatch";
import { buildContext, buildContexts, contentHashes, sizeWarning } from "../../../../components/images/context/context-files";
import { ContextError } from "../../../../components/images/context/context-problems";
import { imageRecipes } from "../../../../components/images/image-recipe";
import { build, images, recipeOf } from "../../settings";

describe("buildContext", () => {
    let context: string;
    let dockerfile: string;
    const at = (file: string) => path.join(context, file);
    const write = (file: string, content: string) => {
        mkdirSync(path.dirname(at(file)), { recursive: true });
        writeFileSync(at(file), content);
    };
    const names = () => buildContext({ context, dockerfile }).files.map((file) => file.path);
    const hashes = () => {
        const found = Object.entries(contentHashes([buildContext({ context, dockerfile })]));
        return Object.fromEntries(found.map(([file, hash]) => [path.relative(context, file), hash]));
    };
    /** The lines of the error, without the context's path. */
    const refused = (): readonly string[] => {
        try {
            buildContext({ context, dockerfile });
        } catch (error) {
            expect(error).to.be.instanceOf(ContextError);
            return (error as Error).message.replaceAll(context, "CONTEXT").split("\n");
        }
        throw new Error("the context was accepted");
    };

    beforeEach(() => {
        context = mkdtempSync(path.join(tmpdir(), "context files "));
        dockerfile = at("Dockerfile");
        write("Dockerfile", "FROM scratch");
        write("README.md", "");
        write("service/app.py", "app");
        write("service/__pycache__/app.pyc", "");
    });
    afterEach(() => {
        rmSync(context, { recursive: true });
    });

    it("contains every file in a fixed order if none is ignored", () => {
        expect(names()).to.deep.equal(["Dockerfile", "README.md", "service/__pycache__/app.pyc", "service/app.py"]);
    });

    it("omits ignored files, but never the Dockerfile", () => {
        write(".dockerignore", "*\n!service\n**/__pycache__\n");
        expect(names()).to.deep.equal(["Dockerfile", "service/app.py"]);
    });

    it("prefers the ignore file of the Dockerfile", () => {
        write(".dockerignore", "service\n");
        write("Dockerfile.dockerignore", "*\n!README.md\n");
        expect(names()).to.deep.equal(["Dockerfile", "README.md"]);
    });

    it("changes only with the content of a file", () => {
        const before = hashes();
        chmodSync(at("service/app.py"), 0o600);
        write("service/app.py", "app");
        expect(hashes()).to.deep.equal(before);
        write("service/app.py", "another");
        const after = hashes();
        expect(Object.keys(after).filter((file) => after[file] !== before[file])).to.deep.equal(["service/app.py"]);
    });

    it("changes with the executable bit of a file", () => {
        const { "service/app.py": before } = hashes();
        chmodSync(at("service/app.py"), 0o755);
        expect(hashes()).to.include({ "service/app.py": `${before} +x` });
    });

    it("keeps links to files and folders of the context as links", () => {
        symlinkSync("service/app.py", at("file"));
        symlinkSync("service", at("folder"));
        expect(hashes()).to.include({ file: "→ service/app.py", folder: "→ service" });
    });

    it("names every file that cannot be in an image, with a remedy", () => {
        symlinkSync("nowhere", at("dangling"));
        symlinkSync("loop", at("loop"));
        symlinkSync("../..", at("outside"));
        symlinkSync(at("service"), at("absolute"));
        execFileSync("mkfifo", [at("pipe")]);
        write("model.onnx", "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n");
        write("start.sh", "#!/bin/sh\r\nexit 0\r\n");
        write("service/.env", "TOKEN=1");
        write("service/key.txt", "-----BEGIN RSA PRIVATE KEY-----\n");
        write("service/account.json", '{"private_key": "-----BEGIN PRIVATE KEY-----"}');
        expect(refused()).to.deep.equal([
            "No image can be built from CONTEXT; nothing was changed.",
            `  CONTEXT/absolute is a link to CONTEXT/service, outside the context, which the builder does not follow: replace it with the file`,
            "  CONTEXT/dangling is a link to nowhere, which does not exist: remove it, or add it to CONTEXT/.dockerignore",
            "  CONTEXT/loop is a link to loop, which does not exist: remove it, or add it to CONTEXT/.dockerignore",
            "  CONTEXT/model.onnx is a pointer of Git LFS, not the file itself: run `git lfs pull`",
            "  CONTEXT/outside is a link to ../.., outside the context, which the builder does not follow: replace it with the file",
            "  CONTEXT/pipe is a socket, a pipe or a device: remove it, or add it to CONTEXT/.dockerignore",
            "  CONTEXT/service/.env looks like a secret, and anyone who pulls the image can read it: add it to CONTEXT/.dockerignore, and provide it to the pod at run time",
            "  CONTEXT/service/account.json looks like a secret, and anyone who pulls the image can read it: add it to CONTEXT/.dockerignore, and provide it to the pod at run time",
            "  CONTEXT/service/key.txt looks like a secret, and anyone who pulls the image can read it: add it to CONTEXT/.dockerignore, and provide it to the pod at run time",
            "  CONTEXT/start.sh is a script with Windows line endings, which no shell in the image can run: convert it, for example with `dos2unix CONTEXT/start.sh`",
        ]);
    });

    it("accepts such files if they are ignored, and files that only look similar", () => {
        symlinkSync("nowhere", at("dangling"));
        execFileSync("mkfifo", [at("pipe")]);
        write("secret/.env", "TOKEN=1");
        write("service/.env.example", "TOKEN=");
        write("service/data.csv", "a,b\r\n");
        write("service/ca.pem", "-----BEGIN CERTIFICATE-----\n");
        write(".dockerignore", "dangling\npipe\nsecret\n");
        expect(names()).to.include.members(["service/.env.example", "service/data.csv", "service/ca.pem"]);
    });

    it("names at most ten files", () => {
        for (let index = 0; index < 12; index++) {
            symlinkSync("nowhere", at(`link-${String(index).padStart(2, "0")}`));
        }
        expect(refused()).to.have.length(12);
        expect(refused().at(-1)).to.equal("  and 2 more");
    });

    it("refuses a context and a Dockerfile that do not exist", () => {
        rmSync(dockerfile);
        expect(refused()[1]).to.equal("  CONTEXT/Dockerfile does not exist");
        expect(() => buildContext({ context: at("none"), dockerfile: at("none/Dockerfile") })).to.throw(
            ContextError,
            "none does not exist",
        );
    });

    it("warns of a context of several gigabytes, and names the largest file", () => {
        expect(sizeWarning({ ...buildContext({ context, dockerfile }), folder: "docker/x" })).to.equal(undefined);
        truncateSync(at("README.md"), 3 * 2 ** 29);
        expect(sizeWarning({ ...buildContext({ context, dockerfile }), folder: "docker/x" })).to.equal(
            "docker/x sends 1.5 GiB to the builder, 1.5 GiB of it README.md. Add what the image does not need to docker/x/.dockerignore, or mount large files from a bucket.",
        );
    });
});

describe("buildContexts", () => {
    it("are the image's own context and its named ones, and a changed file of any of them changes the image", () => {
        const { own, named } = buildContexts(recipeOf("training"));
        expect(own.folder).to.equal("docker/training");
        expect(Object.keys(named)).to.deep.equal(["common"]);
        const files = Object.keys(contentHashes([own, ...Object.values(named)]));
        expect(files).to.include.members(["docker/training/Dockerfile", "docker/training/trainer/run.py", "docker/common/shared/cuda.py"]);
        expect(files).not.to.include("docker/common/.dockerignore");
    });

    it("are refused if one does not exist", () => {
        const recipe = { context: "docker/training", dockerfile: "docker/training/Dockerfile", namedContexts: { other: "docker/none" } };
        expect(() => buildContexts(recipe)).to.throw(ContextError, "docker/none does not exist");
    });

    it("are among the files that the trigger watches", () => {
        const { includedFiles } = build;
        const recipes = imageRecipes(images, "dev");
        const folders = recipes.flatMap(({ context, namedContexts }) => [context, ...Object.values(namedContexts)]);
        const covered = (folder: string) => includedFiles.some((glob) => minimatch(`${folder}/a/b`, glob));
        expect(folders.filter((folder) => !covered(folder))).to.deep.equal([]);
    });
});

/** The source folder of each context, and a file in it. */
const SOURCES: Readonly<Record<string, readonly [folder: string, file: string]>> = {
    common: ["shared", "__init__.py"],
    inference: [".", "handler.py"],
    training: ["trainer", "__init__.py"],
    worker: [".", "handler.py"],
};

describe("the shipped contexts", () => {
    for (const image of ["common", "inference", "training", "worker"]) {
        it(`of ${image} exclude credentials and the files that tools leave in a checkout`, () => {
            const context = `docker/${image}`;
            const { ignores } = buildContext({ context });
            const [folder, source] = SOURCES[image] ?? expect.fail(image);
            const odd = [".env", ".env.local", "id_rsa", ".git/config", ".venv/bin/python", ".mypy_cache/x", ".ruff_cache/x"];
            const left = ["__pycache__/x.pyc", ".pytest_cache/x", ".DS_Store", "x.py~", ".x.py.swp", "gha-creds-1.json"];
            expect([...odd, ...left].filter((file) => !ignores(path.posix.join(folder, file)))).to.deep.equal([]);
            expect(ignores(path.posix.join(folder, source))).to.equal(false);
        });
    }
});

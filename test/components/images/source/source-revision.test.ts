import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { buildContext, type BuildContext } from "../../../../components/images/context/context-files";
import { GitError } from "../../../../components/images/source/git";
import { imageTags, sourceRevision, type SourceRevision } from "../../../../components/images/source/source-revision";

describe("sourceRevision", () => {
    let folder: string;
    let tree: string;
    const git = (at: string, ...args: string[]) => {
        const who = [
            "-c",
            "user.name=A",
            "-c",
            "user.email=a@example.com",
            "-c",
            "commit.gpgsign=false",
            "-c",
            "protocol.file.allow=always",
        ];
        return execFileSync("git", ["-C", at, ...who, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    };
    const write = (file: string, content: string) => {
        mkdirSync(path.dirname(path.join(tree, file)), { recursive: true });
        writeFileSync(path.join(tree, file), content);
    };
    const commit = (...files: string[]) => {
        files.forEach((file) => {
            write(file, `${file} of ${files.join()}\n`);
        });
        git(tree, "add", "-A", "--force");
        git(tree, "commit", "-qm", "change");
        return git(tree, "rev-parse", "HEAD");
    };
    const revision = (at = tree) => {
        const context = path.join(at, "image");
        return named(sourceRevision(buildContext({ context, dockerfile: path.join(context, "Dockerfile") })), at);
    };
    const named = ({ commit, differing }: SourceRevision, at: string) => ({
        commit,
        differing: differing.map((file) => path.relative(path.join(at, "image"), file)),
    });

    beforeEach(() => {
        folder = realpathSync(mkdtempSync(path.join(tmpdir(), "revision-")));
        tree = path.join(folder, "tree");
        mkdirSync(tree);
        git(tree, "init", "-q");
    });
    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    it("is the folder's own commit, although later commits changed other folders", () => {
        const own = commit("image/Dockerfile", "image/app.py");
        commit("elsewhere/file");
        write("elsewhere/new", "");
        expect(revision()).to.deep.equal({ commit: own, differing: [] });
    });

    it("names the files of the build that differ from the commit", () => {
        const own = commit("image/Dockerfile", "image/app.py", "image/gone.py", "image/run.py", "image/README.md", "image/.dockerignore");
        write("image/.dockerignore", "README.md\n");
        write("image/README.md", "not seen by the builder\n");
        write("image/app.py", "changed\n");
        write("image/new.py", "");
        rmSync(path.join(tree, "image/gone.py"));
        chmodSync(path.join(tree, "image/run.py"), 0o755);
        expect(revision()).to.deep.equal({ commit: own, differing: [".dockerignore", "app.py", "gone.py", "new.py", "run.py"] });
    });

    it("is the last commit of the folder and its named contexts, and compares all of their files", () => {
        const both = () => {
            const [own, common] = ["image", "common"].map((name) => buildContext({ context: path.join(tree, name) }));
            return named(sourceRevision(own as BuildContext, common as BuildContext), tree);
        };
        commit("image/Dockerfile", "common/shared.py");
        const last = commit("common/shared.py");
        commit("elsewhere/file");
        expect(both()).to.deep.equal({ commit: last, differing: [] });
        const own = commit("image/Dockerfile");
        expect(both()).to.deep.equal({ commit: own, differing: [] });
        write("common/shared.py", "changed\n");
        write("common/new.py", "");
        expect(both()).to.deep.equal({ commit: own, differing: ["../common/new.py", "../common/shared.py"] });
    });

    it("finds changes that git is configured to ignore", () => {
        commit("image/Dockerfile", "image/app.py", ".gitignore");
        write(".gitignore", "ignored.py\n");
        git(tree, "commit", "-qam", "ignore");
        write("image/ignored.py", "");
        writeFileSync(path.join(tree, ".git/info/exclude"), "excluded.py\n");
        write("image/excluded.py", "");
        git(tree, "update-index", "--assume-unchanged", "image/app.py");
        write("image/app.py", "changed\n");
        git(tree, "config", "status.showUntrackedFiles", "no");
        expect(revision().differing).to.deep.equal(["app.py", "excluded.py", "ignored.py"]);
    });

    it("finds no difference in unchanged links, executable files, non-ASCII names and Git LFS files", () => {
        write('image/bïg "file".py', "");
        chmodSync(path.join(tree, 'image/bïg "file".py'), 0o755);
        symlinkSync("Dockerfile", (mkdirSync(path.join(tree, "image"), { recursive: true }), path.join(tree, "image/link")));
        const pointer =
            "version https://git-lfs.github.com/spec/v1\noid sha256:fb8e20fc2e4c3f248c60c39bd652f3c1347298bb977b8b4d5903b85055620603\nsize 2\n";
        write("image/model.onnx", pointer);
        const own = commit("image/Dockerfile");
        write("image/model.onnx", "ab");
        expect(revision()).to.deep.equal({ commit: own, differing: [] });
    });

    it("finds changed line endings", () => {
        commit("image/Dockerfile", "image/app.py");
        git(tree, "config", "core.autocrlf", "true");
        rmSync(path.join(tree, "image/app.py"));
        git(tree, "checkout", "image/app.py");
        expect(git(tree, "status", "--porcelain")).to.equal("");
        expect(revision().differing).to.deep.equal(["app.py"]);
    });

    it("is the same in a clone, in a worktree, and with any user settings and git variables", () => {
        const own = commit("image/Dockerfile", "image/app.py");
        commit("elsewhere/file");
        git(tree, "worktree", "add", "-q", path.join(folder, "worktree"));
        git(folder, "clone", "-q", tree, "clone");
        const other = path.join(folder, "other");
        git(folder, "init", "-q", "other");
        const settings = path.join(folder, "settings");
        writeFileSync(
            settings,
            "[log]\n\tshowSignature = true\n\tdecorate = full\n[status]\n\tshowUntrackedFiles = no\n\tshort = true\n[core]\n\tquotePath = false\n[color]\n\tui = always\n",
        );
        const variables = {
            GIT_CONFIG_GLOBAL: settings,
            GIT_DIR: path.join(other, ".git"),
            GIT_WORK_TREE: other,
            GIT_INDEX_FILE: "/nowhere",
        };
        Object.assign(process.env, variables);
        try {
            const found = [tree, path.join(folder, "worktree"), path.join(folder, "clone")].map(revision);
            expect(found).to.deep.equal([1, 2, 3].map(() => ({ commit: own, differing: [] })));
        } finally {
            for (const name of Object.keys(variables)) {
                Reflect.deleteProperty(process.env, name);
            }
        }
    });

    it("reads the checkout of another user", function () {
        if (process.getuid?.() !== 0) {
            this.skip();
        }
        const own = commit("image/Dockerfile");
        execFileSync("chown", ["-R", "65534:65534", tree]);
        expect(revision()).to.deep.equal({ commit: own, differing: [] });
    });

    it("is not guessed in a shallow clone that lacks the commit", () => {
        commit("image/Dockerfile");
        commit("elsewhere/file");
        git(folder, "clone", "-q", "--depth=1", `file://${tree}`, "shallow");
        expect(() => revision(path.join(folder, "shallow"))).to.throw(
            GitError,
            "the clone is shallow and may lack the commit. Run `git fetch --unshallow`",
        );
        const own = commit("image/app.py");
        commit("elsewhere/another");
        git(folder, "clone", "-q", "--depth=3", `file://${tree}`, "deeper");
        expect(revision(path.join(folder, "deeper"))).to.deep.equal({ commit: own, differing: [] });
    });

    it("throws the reason if the commit is unknown", () => {
        write("image/Dockerfile", "");
        expect(() => revision()).to.throw(GitError, "the repository has no commit");
        commit("elsewhere/file");
        git(tree, "rm", "-rq", "--cached", "image");
        git(tree, "commit", "-qm", "without");
        rmSync(path.join(tree, ".git"), { recursive: true });
        expect(() => revision()).to.throw(GitError, "not a git repository");
        git(tree, "init", "-q");
        write("elsewhere/file", "");
        git(tree, "add", "elsewhere");
        git(tree, "commit", "-qm", "elsewhere");
        expect(() => revision()).to.throw(GitError, /^no commit contains .*image$/);
        const { PATH } = process.env;
        process.env.PATH = "/nowhere";
        try {
            expect(() => revision()).to.throw(GitError, /^git is not on PATH$/);
        } finally {
            process.env.PATH = PATH;
        }
    });
});

describe("imageTags", () => {
    it("include the commit if it is known", () => {
        expect(imageTags("latest", "0123456789abcdef")).to.deep.equal(["latest", "latest-0123456"]);
        expect(imageTags("latest", undefined)).to.deep.equal(["latest"]);
    });

    it("are a single one, with the hash of the content, if tags are immutable", () => {
        expect(imageTags("latest", "0123456789abcdef", "c0ffee")).to.deep.equal(["latest-0123456-c0ffee"]);
        expect(imageTags("latest", undefined, "c0ffee")).to.deep.equal(["latest-c0ffee"]);
    });
});

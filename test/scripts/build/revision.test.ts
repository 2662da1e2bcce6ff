import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import { buildContext } from "../../../components/images/context/context-files";
import { sourceRevision } from "../../../components/images/source/source-revision";
import { CommandError } from "../../../scripts/command-line/run";
import { checkClean, revisionOf } from "../../../scripts/build/revision";
import { Repository } from "../repository";

describe("revisionOf", () => {
    it("names the commit and the files that differ from it, including new files and names with spaces", () => {
        const repository = new Repository();
        const commit = repository.commit({ "a b.txt": "1", "docker/x": "1", ".gitignore": "ignored\n" });
        expect(revisionOf(repository.folder, [])).to.deep.equal({ commit, changed: [] });
        repository.write({ "a b.txt": "2", "new/file": "1", ignored: "1" });
        fs.rmSync(`${repository.folder}/docker/x`);
        expect(revisionOf(repository.folder, []).changed).to.deep.equal(["a b.txt", "docker/x", "new/file"]);
    });

    it("compares only the folder itself if the repository has others", () => {
        const repository = new Repository();
        repository.commit({ "infra/ml/a": "1", "elsewhere/b": "1" });
        repository.write({ "infra/ml/a": "2", "elsewhere/b": "2", new: "1" });
        expect(revisionOf(`${repository.folder}/infra/ml`, []).changed).to.deep.equal(["infra/ml/a"]);
    });

    it("reads the folder's repository and ignores GIT_DIR", () => {
        const [repository, other] = [new Repository(), new Repository()];
        const commit = repository.commit({ a: "1" });
        other.commit({ b: "1" });
        process.env.GIT_DIR = `${other.folder}/.git`;
        try {
            expect(revisionOf(repository.folder, [])).to.deep.equal({ commit, changed: [] });
        } finally {
            delete process.env.GIT_DIR;
        }
    });

    it("refuses a folder without a commit, with git's reason", () => {
        const reasons = { [new Repository().folder]: "Needed a single revision", [os.tmpdir()]: "not a git repository" };
        for (const [folder, reason] of Object.entries(reasons)) {
            expect(() => revisionOf(folder, [])).to.throw(
                CommandError,
                `Images are tagged with a git commit, and git finds none for ${folder}: ${reason}`,
            );
        }
    });
});

describe("revisionOf, of build contexts", () => {
    const FILES = {
        "infra/image/Dockerfile": "FROM scratch\n",
        "infra/image/app.py": "1\n",
        "infra/image/notes.md": "1\n",
        "infra/image/.dockerignore": "notes.md\n",
    };
    const setup = (): { readonly repository: Repository; readonly changed: () => readonly string[] } => {
        const repository = new Repository();
        repository.commit(FILES);
        const [folder, context] = [`${repository.folder}/infra`, `${repository.folder}/infra/image`];
        const changed = (): readonly string[] => {
            const seen = buildContext({ context, dockerfile: `${context}/Dockerfile` });
            const revision = revisionOf(folder, [seen]);
            const differing = sourceRevision(seen).differing.map((file) => file.slice(repository.folder.length + 1));
            expect(revision.changed.filter((file) => file.startsWith("infra/image/"))).to.deep.equal(differing);
            return revision.changed;
        };
        return { repository, changed };
    };
    const edits: Readonly<Record<string, readonly [edit: (repository: Repository) => void, changed: readonly string[]]>> = {
        "no change": [() => undefined, []],
        "a file that git is told to overlook": [
            (repository) => {
                repository.git("update-index", "--assume-unchanged", "infra/image/app.py");
                repository.write({ "infra/image/app.py": "2\n" });
            },
            ["infra/image/app.py"],
        ],
        "a file that git leaves out of the work tree": [
            (repository) => {
                repository.git("update-index", "--skip-worktree", "infra/image/app.py");
                fs.rmSync(`${repository.folder}/infra/image/app.py`);
            },
            ["infra/image/app.py"],
        ],
        "a new file that git ignores": [
            (repository) => {
                fs.writeFileSync(`${repository.folder}/.git/info/exclude`, "*.log\n");
                repository.write({ "infra/image/x.log": "1\n", "infra/elsewhere.log": "1\n" });
            },
            ["infra/image/x.log"],
        ],
        "a file that the builder does not see": [(repository) => repository.write({ "infra/image/notes.md": "2\n" }), []],
        "other line endings": [
            (repository) => {
                repository.git("config", "core.autocrlf", "true");
                fs.rmSync(`${repository.folder}/infra/image/app.py`);
                repository.git("checkout", "infra/image/app.py");
            },
            ["infra/image/app.py"],
        ],
        "a mode that git is told to overlook": [
            (repository) => {
                repository.git("config", "core.fileMode", "false");
                fs.chmodSync(`${repository.folder}/infra/image/app.py`, 0o755);
            },
            ["infra/image/app.py"],
        ],
        "a link in the place of a file": [
            (repository) => {
                fs.rmSync(`${repository.folder}/infra/image/app.py`);
                fs.symlinkSync("Dockerfile", `${repository.folder}/infra/image/app.py`);
            },
            ["infra/image/app.py"],
        ],
        "a file that git changes on its way": [
            (repository) => {
                repository.git("config", "filter.upper.clean", "tr a-z A-Z");
                repository.git("config", "filter.upper.smudge", "tr A-Z a-z");
                repository.commit({ ".gitattributes": "*.txt filter=upper\n", "infra/image/a.txt": "abc\n" });
            },
            ["infra/image/a.txt"],
        ],
        "a file elsewhere": [(repository) => repository.write({ "infra/index.ts": "1\n", outside: "1\n" }), ["infra/index.ts"]],
    };
    for (const [what, [edit, expected]] of Object.entries(edits)) {
        it(`agrees with \`pulumi up\`: ${what}`, () => {
            const { repository, changed } = setup();
            edit(repository);
            expect(changed()).to.deep.equal(expected);
        });
    }

    it("compares the files of a submodule with its commit", () => {
        const { repository, changed } = setup();
        const library = new Repository();
        library.commit({ "a.py": "1\n" });
        repository.write({ "infra/image/.dockerignore": "notes.md\n**/.git\n" });
        repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library.folder, "infra/image/library");
        repository.commit({});
        expect(changed()).to.deep.equal([]);
        repository.write({ "infra/image/library/a.py": "2\n" });
        expect(changed()).to.deep.equal(["infra/image/library/a.py"]);
    });

    it("is the same in a worktree and in a shallow clone", () => {
        const { repository } = setup();
        repository.commit({ elsewhere: "1\n" });
        const copies = fs.mkdtempSync(`${repository.folder}/.git/copies-`);
        repository.git("worktree", "add", "--quiet", `${copies}/worktree`);
        repository.git("clone", "--quiet", "--depth=1", `file://${repository.folder}`, `${copies}/shallow`);
        for (const copy of ["worktree", "shallow"]) {
            const context = `${copies}/${copy}/infra/image`;
            const seen = buildContext({ context, dockerfile: `${context}/Dockerfile` });
            expect(revisionOf(`${copies}/${copy}/infra`, [seen]).changed).to.deep.equal([]);
        }
    });
});

describe("checkClean", () => {
    it("passes if no file differs, and otherwise names the files", () => {
        checkClean({ commit: "1", changed: [] });
        expect(() => {
            checkClean({ commit: "1", changed: ["a", "b"] });
        }).to.throw(CommandError, "The work tree has uncommitted changes: a, b. Commit them");
        expect(() => {
            checkClean({ commit: "1", changed: Array.from({ length: 12 }, (_, index) => String(index)) });
        }).to.throw(CommandError, "8, 9 and 2 more.");
    });
});

import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import { CommandError } from "../../../scripts/command-line/run";
import { checkClean, revisionOf } from "../../../scripts/build/revision";
import { Repository } from "../repository";

describe("revisionOf", () => {
    it("names the commit and what differs from it, new files and names with spaces included", () => {
        const repository = new Repository();
        const commit = repository.commit({ "a b.txt": "1", "docker/x": "1", ".gitignore": "ignored\n" });
        expect(revisionOf(repository.folder)).to.deep.equal({ commit, changed: [] });
        repository.write({ "a b.txt": "2", "new/file": "1", ignored: "1" });
        fs.rmSync(`${repository.folder}/docker/x`);
        expect(revisionOf(repository.folder).changed).to.deep.equal(["a b.txt", "docker/x", "new/file"]);
    });

    it("sees only the folder itself, where the repository has more", () => {
        const repository = new Repository();
        repository.commit({ "infra/ml/a": "1", "elsewhere/b": "1" });
        repository.write({ "infra/ml/a": "2", "elsewhere/b": "2", new: "1" });
        expect(revisionOf(`${repository.folder}/infra/ml`).changed).to.deep.equal(["infra/ml/a"]);
    });

    it("reads the folder's repository, whatever GIT_DIR names", () => {
        const [repository, other] = [new Repository(), new Repository()];
        const commit = repository.commit({ a: "1" });
        other.commit({ b: "1" });
        process.env.GIT_DIR = `${other.folder}/.git`;
        try {
            expect(revisionOf(repository.folder)).to.deep.equal({ commit, changed: [] });
        } finally {
            delete process.env.GIT_DIR;
        }
    });

    it("refuses a folder without a commit, with git's reason", () => {
        const reasons = { [new Repository().folder]: "Needed a single revision", [os.tmpdir()]: "not a git repository" };
        for (const [folder, reason] of Object.entries(reasons)) {
            expect(() => revisionOf(folder)).to.throw(
                CommandError,
                `Images are tagged with a git commit, and git cannot tell the one of ${folder}: ${reason}`,
            );
        }
    });
});

describe("checkClean", () => {
    it("passes where nothing differs, and names what does", () => {
        checkClean({ commit: "1", changed: [] });
        expect(() => {
            checkClean({ commit: "1", changed: ["a", "b"] });
        }).to.throw(CommandError, "The work tree has changes that are not committed: a, b. Commit them");
        expect(() => {
            checkClean({ commit: "1", changed: Array.from({ length: 12 }, (_, index) => String(index)) });
        }).to.throw(CommandError, "8, 9 and 2 more.");
    });
});

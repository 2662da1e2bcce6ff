import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import { CommandError } from "../../../scripts/command-line/run";
import { checkClean, revisionOf } from "../../../scripts/build/revision";
import { Repository } from "../repository";

describe("revisionOf", () => {
    it("names the commit and what differs from it, new files and names with spaces included", async () => {
        const repository = new Repository();
        const commit = repository.commit({ "a b.txt": "1", "docker/x": "1", ".gitignore": "ignored\n" });
        expect(await revisionOf(repository.folder)).to.deep.equal({ commit, changed: [] });
        repository.write({ "a b.txt": "2", "new/file": "1", ignored: "1" });
        fs.rmSync(`${repository.folder}/docker/x`);
        expect((await revisionOf(repository.folder)).changed).to.deep.equal(["a b.txt", "docker/x", "new/file"]);
    });

    it("sees only the folder itself, where the repository has more", async () => {
        const repository = new Repository();
        repository.commit({ "infra/ml/a": "1", "elsewhere/b": "1" });
        repository.write({ "infra/ml/a": "2", "elsewhere/b": "2", new: "1" });
        expect((await revisionOf(`${repository.folder}/infra/ml`)).changed).to.deep.equal(["infra/ml/a"]);
    });

    it("refuses a folder without a commit", async () => {
        for (const folder of [new Repository().folder, os.tmpdir()]) {
            const error = await revisionOf(folder).then(
                () => undefined,
                (reason: unknown) => reason,
            );
            expect(error).to.be.instanceOf(CommandError).with.property("message").that.contains("Images are tagged with a git commit");
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

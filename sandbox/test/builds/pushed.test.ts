import { expect } from "chai";
import * as os from "node:os";
import { pushed } from "../../builds/pushed";
import { withCommit } from "../../builds/work-tree";
import { Repository } from "../../../test/scripts/repository";
import * as fs from "node:fs";
import * as path from "node:path";

const env = { PATH: process.env.PATH ?? "", HOME: os.tmpdir() };

describe("pushed", () => {
    let repository: Repository;
    let first: string;
    let second: string;
    before(() => {
        repository = new Repository();
        first = repository.commit({ "docker/a b": "1", "README.md": "1" });
        second = repository.commit({ "README.md": "2" });
        repository.git("tag", "v1.0.0", first);
        repository.write({ "README.md": "not committed" });
    });

    it("is the current branch or the named one, with the files that its commit changes", async () => {
        const { folder } = repository;
        expect(await pushed(folder, undefined, env)).to.deep.equal({ kind: "branch", name: "main", commit: second, files: ["README.md"] });
        expect(await pushed(folder, "v1.0.0", env)).to.deep.equal({
            kind: "tag",
            name: "v1.0.0",
            commit: first,
            files: ["README.md", "docker/a b"],
        });
    });

    it("refuses an unknown name, a detached HEAD, and a folder without a repository", async () => {
        const refusal = (folder: string, name?: string) =>
            pushed(folder, name, env).then(
                () => "",
                (error: unknown) => (error as Error).message,
            );
        expect(await refusal(repository.folder, "nothing")).to.equal("No branch or tag nothing has a commit.");
        expect(await refusal(repository.folder, second)).to.match(/^No branch or tag /);
        expect(await refusal(os.tmpdir())).to.match(/is not in a git repository, so there is nothing to push\.$/);
        repository.git("checkout", "--quiet", "--force", "--detach");
        expect(await refusal(repository.folder)).to.match(/^No branch is checked out/);
    });

    it("is built from the committed files", async () => {
        let seen = "";
        const files = await withCommit(repository.folder, first, env, (folder) => {
            seen = folder;
            return Promise.resolve(["README.md", "docker/a b"].map((file) => fs.readFileSync(path.join(folder, file), "utf8")));
        });
        expect(files).to.deep.equal(["1", "1"]);
        expect(fs.existsSync(seen)).to.equal(false);
    });
});

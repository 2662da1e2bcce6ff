import { expect } from "chai";
import path from "node:path";
import { buildContext } from "../../../../components/images/context/context-files";
import { checkedOut } from "../../../../components/images/source/checked-out";
import { GitError } from "../../../../components/images/source/git";
import { Repository } from "../../../scripts/repository";

const FILES = { "images/app/Dockerfile": "FROM scratch\n", "images/app/app.py": "1\n", "README.md": "1\n" };

describe("checkedOut", () => {
    const of = ({ folder }: Repository) => {
        const context = buildContext({ context: path.join(folder, "images/app"), dockerfile: path.join(folder, "images/app/Dockerfile") });
        return checkedOut(folder, [context], ["images/app/Dockerfile"]);
    };

    it("finds commits with the same sources, which changed only other files", () => {
        const repository = new Repository();
        const before = repository.commit({ ...FILES, "images/app/app.py": "0\n" });
        const first = repository.commit(FILES);
        const head = repository.commit({ "README.md": "2\n" });
        const { commit, differing, isSame } = of(repository);
        expect([commit, differing]).to.deep.equal([head, []]);
        expect([head, first, before, "f".repeat(40)].map(isSame)).to.deep.equal([true, true, false, false]);
    });

    it("names files that differ from the commit, and no others", () => {
        const repository = new Repository();
        repository.commit(FILES);
        repository.write({ "README.md": "3\n" });
        expect(of(repository).differing).to.deep.equal([]);
        repository.write({ "images/app/new.py": "1\n" });
        expect(of(repository).differing.map((file) => path.basename(file))).to.deep.equal(["new.py"]);
    });

    it("fails in a repository without commits", () => {
        const repository = new Repository();
        repository.write(FILES);
        expect(() => of(repository)).to.throw(GitError);
    });
});

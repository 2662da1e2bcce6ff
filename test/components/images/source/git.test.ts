import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { sourceDirectory } from "../../../../components/images/source/git";

describe("sourceDirectory", () => {
    it("is the path of the folder in its repository", () => {
        const root = mkdtempSync(path.join(tmpdir(), "repository-"));
        const folder = path.join(root, "infra", "a b");
        mkdirSync(folder, { recursive: true });
        expect(sourceDirectory(folder)).to.equal("");
        execFileSync("git", ["init", "--quiet", root]);
        expect(sourceDirectory(root)).to.equal("");
        expect(sourceDirectory(folder)).to.equal("infra/a b/");
        rmSync(root, { recursive: true });
        expect(sourceDirectory(root)).to.equal("");
    });
});

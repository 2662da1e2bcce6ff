import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { imageLabels, imageTags, sourceRevision } from "../../components/source-revision";

describe("sourceRevision", () => {
    const tree = mkdtempSync(path.join(tmpdir(), "revision-"));
    const git = (date: string, ...args: string[]) => {
        const who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"];
        return execFileSync("git", ["-C", tree, ...who, ...args], {
            encoding: "utf8",
            env: { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
        }).trim();
    };
    const commit = (folder: string, date: string) => {
        mkdirSync(path.join(tree, folder), { recursive: true });
        writeFileSync(path.join(tree, folder, "file"), date);
        git(date, "add", "-A");
        git(date, "commit", "-qm", folder);
        return git(date, "rev-parse", "HEAD");
    };

    before(() => git("2026-01-01T00:00:00Z", "init", "-q"));
    after(() => {
        rmSync(tree, { recursive: true });
    });

    it("is the folder's own commit, whatever was committed elsewhere later", () => {
        const own = commit("image", "2026-01-02T00:00:00Z");
        commit("elsewhere", "2026-01-03T00:00:00Z");
        const time = Date.parse("2026-01-02T00:00:00Z") / 1000;
        writeFileSync(path.join(tree, "elsewhere", "new"), "");
        expect(sourceRevision(path.join(tree, "image"))).to.deep.equal({ commit: own, time, clean: true });
        writeFileSync(path.join(tree, "image", "new"), "");
        expect(sourceRevision(path.join(tree, "image"))).to.deep.equal({ commit: own, time, clean: false });
    });

    it("tags an image with its commit, unless something is not committed", () => {
        const revision = { commit: "0123456789abcdef", time: 0, clean: true };
        expect(imageTags("latest", revision)).to.deep.equal(["latest", "latest-0123456"]);
        expect(imageTags("latest", { ...revision, clean: false })).to.deep.equal(["latest"]);
        expect(imageTags("latest", undefined)).to.deep.equal(["latest"]);
    });

    it("has one tag, of its own content, where tags are immutable", () => {
        const revision = { commit: "0123456789abcdef", time: 0, clean: true };
        expect(imageTags("latest", revision, "c0ffee")).to.deep.equal(["latest-0123456-c0ffee"]);
        expect(imageTags("latest", { ...revision, clean: false }, "c0ffee")).to.deep.equal(["latest-c0ffee"]);
        expect(imageTags("latest", undefined, "c0ffee")).to.deep.equal(["latest-c0ffee"]);
    });

    it("is undefined for a folder without a commit, and outside git", () => {
        expect(sourceRevision(path.join(tree, "nothing"))).to.equal(undefined);
        expect(sourceRevision(tmpdir())).to.equal(undefined);
    });

    it("labels an image with the commit and its time", () => {
        expect(imageLabels("inference", { commit: "abc", time: 1_767_225_600, clean: true })).to.deep.equal({
            "org.opencontainers.image.title": "inference",
            "org.opencontainers.image.revision": "abc",
            "org.opencontainers.image.created": "2026-01-01T00:00:00.000Z",
        });
        expect(imageLabels("inference", undefined)).to.deep.equal({ "org.opencontainers.image.title": "inference" });
    });
});

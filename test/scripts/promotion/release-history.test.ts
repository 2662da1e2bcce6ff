import { expect } from "chai";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { CommandError } from "../../../scripts/command-line/run";
import { findRelease, isShallow, releaseHistory } from "../../../scripts/promotion/release-history";
import type { Release } from "../../../scripts/promotion/release";
import { writeRelease } from "../../../scripts/promotion/stack-file";
import { Repository } from "../repository";

const release = (commit: string, letter = "a"): Release => ({
    images: { inference: `r/i@sha256:${letter.repeat(64)}` },
    commit,
    time: "2026-01-01T00:00:00Z",
    by: "ann",
});

describe("releaseHistory", () => {
    it("finds each release once, newest first, with the commit that wrote it", async () => {
        const repository = new Repository();
        const first = repository.commit({ "Pulumi.prod.yaml": writeRelease("config: {}\n", release("1111111"), "f") });
        repository.commit({ "Pulumi.prod.yaml": `# a comment\n${writeRelease("config: {}\n", release("1111111"), "f")}` });
        repository.commit({ "Pulumi.prod.yaml": "not: [yaml" });
        const second = repository.commit({ "Pulumi.prod.yaml": writeRelease("config: {}\n", release("2222222"), "f") });
        repository.commit({ "Pulumi.dev.yaml": writeRelease("config: {}\n", release("3333333"), "f") });
        const third = repository.commit({ "Pulumi.prod.yaml": writeRelease("config: {}\n", release("1111111"), "f") });

        expect(await releaseHistory("Pulumi.prod.yaml", repository.folder)).to.deep.equal([
            { release: release("1111111"), promotedIn: third },
            { release: release("2222222"), promotedIn: second },
            { release: release("1111111"), promotedIn: first },
        ]);
    });
});

describe("releaseHistory, in other repositories", () => {
    it("reads a stack file in a subfolder, and ignores the user's settings for `git log`", async () => {
        const repository = new Repository();
        const promotedIn = repository.commit({ "infra/ml/Pulumi.prod.yaml": writeRelease("config: {}\n", release("1111111"), "f") });
        repository.git("config", "log.showSignature", "true");
        repository.git("config", "log.decorate", "full");
        expect(await releaseHistory("Pulumi.prod.yaml", `${repository.folder}/infra/ml`)).to.deep.equal([
            { release: release("1111111"), promotedIn },
        ]);
    });
});

describe("isShallow", () => {
    it("distinguishes a clone of the last commits from a complete one", async () => {
        const repository = new Repository();
        repository.commit({ a: "1" });
        repository.commit({ a: "2" });
        const clone = (...options: string[]): string => {
            const folder = mkdtempSync(path.join(tmpdir(), "clone-"));
            repository.git("clone", "--quiet", ...options, `file://${repository.folder}`, folder);
            return folder;
        };
        expect(await isShallow(clone("--depth", "1"))).to.equal(true);
        expect(await isShallow(clone())).to.equal(false);
    });
});

describe("findRelease", () => {
    const releases = [
        { release: release("aaaaaaa1", "b"), promotedIn: "3333333333" },
        { release: release("aaaaaaa1", "a"), promotedIn: "2222222222" },
        { release: release("bbbbbbb1", "a"), promotedIn: "1111111111" },
    ];

    it("finds by the commit of the images, and by that of the promotion", () => {
        expect(findRelease(releases, "bbbbbbb", "prod")).to.deep.equal(releases[2]?.release);
        expect(findRelease(releases, "2222222", "prod")).to.deep.equal(releases[1]?.release);
    });

    it("refuses a commit without a release, naming the existing ones", () => {
        expect(() => findRelease(releases, "ccccccc", "prod")).to.throw(
            CommandError,
            "Stack prod never had a release of commit ccccccc; it had aaaaaaa, bbbbbbb.",
        );
        expect(() => findRelease([], "ccccccc", "prod")).to.throw(CommandError, "it had none.");
    });

    it("reports a shallow clone", () => {
        expect(() => findRelease(releases, "ccccccc", "prod", true)).to.throw(CommandError, "run `git fetch --unshallow` first.");
        expect(findRelease(releases, "bbbbbbb", "prod", true)).to.deep.equal(releases[2]?.release);
    });

    it("refuses a commit that was built twice, naming the promotions", () => {
        expect(() => findRelease(releases, "aaaaaaa", "prod")).to.throw(
            CommandError,
            "several releases of commit aaaaaaa; name the commit that promoted it: 3333333, 2222222.",
        );
    });

    it("refuses values that are not commits", () => {
        for (const wanted of ["", "abc", "HEAD~1234", "x".repeat(7)]) {
            expect(() => findRelease(releases, wanted, "prod")).to.throw(CommandError, "is not a commit");
        }
    });
});

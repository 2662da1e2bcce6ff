import { expect } from "chai";
import { CommandError } from "../../../scripts/command-line/run";
import { isSameRelease, type Release, releaseRecord, withoutMilliseconds } from "../../../scripts/promotion/release";

const inference = `r/p/inference@sha256:${"a".repeat(64)}`;
const commit = "0123456789abcdef0123456789abcdef01234567";

const imagesBuiltFor = { variant: "gpu", platforms: ["linux/amd64"] };
const update = {
    kind: "update",
    result: "succeeded",
    endTime: "2026-01-31T12:00:00.000Z",
    environment: { "git.head": commit, "git.dirty": "false", "git.author": "Ann" },
    config: { "gcp:project": { value: "p", secret: false }, "ml-platform:images": { objectValue: { from: "build" }, secret: false } },
};

/** An update of another commit. */
const other = (result: string) => ({ ...update, result, environment: { ...update.environment, "git.head": "fedcba9876543210" } });

describe("releaseRecord", () => {
    it("uses the last successful update, after any number of failed attempts at the same commit and of other operations", () => {
        const failed = Array.from({ length: 30 }, () => ({ ...update, result: "failed" }));
        const refreshed = Array.from({ length: 300 }, () => ({ kind: "refresh", result: "succeeded" }));
        expect(releaseRecord("dev", { images: { inference } }, [...refreshed, ...failed, update, other("succeeded")]).commit).to.equal(
            commit,
        );
    });

    it("reads the images from the outputs, and the rest from the newest update", () => {
        const history = [{ kind: "refresh", result: "failed" }, update, { ...update, environment: {} }];
        expect(releaseRecord("dev", { images: { inference }, imagesBuiltFor, other: 1 }, history)).to.deep.equal({
            images: { inference },
            builtFor: imagesBuiltFor,
            commit,
            time: "2026-01-31T12:00:00Z",
            by: "Ann",
        });
    });

    it("reads no variant from a stack that an earlier version deployed", () => {
        expect(releaseRecord("dev", { images: { inference } }, [update])).not.to.have.property("builtFor");
    });

    it("reads the commit of a promoted stack from its release, not from its own deployment", () => {
        const promoted = {
            ...update,
            environment: { ...update.environment, "git.dirty": "true" },
            config: { "ml-platform:images": { objectValue: { from: "release", release: { commit: "fedcba9" } } } },
        };
        expect(releaseRecord("staging", { images: { inference } }, [promoted]).commit).to.equal("fedcba9");
    });

    for (const [what, outputs, history, message] of [
        ["a stack that was never deployed", {}, [], "it was never deployed"],
        ["failed deployments only", { images: { inference } }, [{ ...update, result: "failed" }], "none of its updates succeeded"],
        [
            "a first deployment in progress",
            { images: { inference } },
            [{ ...update, result: "in-progress" }],
            "none of its updates succeeded",
        ],
        [
            "a failed deployment of another commit",
            { images: { inference } },
            [other("failed"), update],
            "its update to commit fedcba9 failed",
        ],
        [
            "a deployment in progress",
            { images: { inference } },
            [other("in-progress"), update],
            "its update to commit fedcba9 is not finished",
        ],
        [
            "a failed deployment of no commit",
            { images: { inference } },
            [{ ...update, result: "failed", environment: {} }, update],
            "Stack dev has no release: its update to commit unknown failed, so its images may be running. Deploy it again, or commit 0123456, and promote then.",
        ],
        ["a stack without images", { images: {} }, [update], "its outputs name no image"],
        ["a destroyed stack", {}, [{ ...update, kind: "destroy" }, update], "its outputs name no image"],
        [
            "an image by tag",
            { images: { inference: "r/p/inference:latest" } },
            [update],
            "Stack dev names its inference image without a digest: r/p/inference:latest",
        ],
        ["a deployment outside git", { images: { inference } }, [{ ...update, environment: {} }], "outside a git repository"],
        [
            "uncommitted changes",
            { images: { inference } },
            [{ ...update, environment: { "git.head": commit, "git.dirty": "true" } }],
            "deployed from commit 0123456 with uncommitted changes",
        ],
    ] as const) {
        it(`refuses ${what}`, () => {
            expect(() => releaseRecord("dev", outputs, history)).to.throw(CommandError, message);
        });
    }
});

describe("isSameRelease", () => {
    const release: Release = { images: { inference }, commit, time: "t", by: "b" };

    it("compares only images, their variants and platforms, and the commit", () => {
        expect(isSameRelease({ ...release, builtFor: { variant: "gpu", platforms: ["linux/amd64"] } }, release)).to.equal(false);
        expect(isSameRelease(release, { ...release, time: "later", by: "someone" })).to.equal(true);
        expect(isSameRelease(release, { ...release, commit: "1" })).to.equal(false);
        expect(isSameRelease(release, { ...release, images: { inference, training: inference } })).to.equal(false);
    });
});

describe("withoutMilliseconds", () => {
    it("is ISO 8601 to the second", () => {
        expect(withoutMilliseconds(new Date(1_700_000_000_123))).to.equal("2023-11-14T22:13:20Z");
    });
});

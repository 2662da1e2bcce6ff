import { expect } from "chai";
import { channelOf, substituted, substitutions } from "../../../scripts/build/substitutions";

const commit = "0123456789abcdef0123456789abcdef01234567";
const clean = { commit, changed: [] };
const dirty = { commit, changed: ["docker/inference/app.py"] };

describe("substitutions", () => {
    it("are those of a trigger", () => {
        expect(substitutions(clean)).to.deep.equal({ COMMIT_SHA: commit, SHORT_SHA: "0123456" });
    });

    it("end in -dirty if a file is not committed", () => {
        expect(substitutions(dirty)).to.deep.equal({ COMMIT_SHA: `${commit}-dirty`, SHORT_SHA: "0123456-dirty" });
    });
});

describe("channelOf", () => {
    it("keeps the channel if everything is committed", () => {
        expect(channelOf("latest", clean)).to.equal("latest");
        expect(channelOf("latest", dirty)).to.equal("latest-dirty");
    });
});

describe("substituted", () => {
    it("replaces the variables, and no others", () => {
        const step = {
            id: "i",
            name: "n",
            waitFor: [],
            args: ["--tag=r:$SHORT_SHA-$BUILD_ID", "$COMMIT_SHA/$COMMIT_SHA", "$SHORT_SHAS $PROJECT_ID"],
        };
        expect(substituted(step, { ...substitutions(clean), BUILD_ID: "id" })).to.deep.equal([
            "--tag=r:0123456-id",
            `${commit}/${commit}`,
            "$SHORT_SHAS $PROJECT_ID",
        ]);
    });

    it("replaces two dollar signs with one, as Cloud Build does", () => {
        const step = { id: "i", name: "n", waitFor: [], args: ["--build-arg=A=$$5", "$$SHORT_SHA", "$$$SHORT_SHA", "$$$$"] };
        expect(substituted(step, { ...substitutions(clean), BUILD_ID: "id" })).to.deep.equal([
            "--build-arg=A=$5",
            "$SHORT_SHA",
            "$0123456",
            "$$",
        ]);
    });
});

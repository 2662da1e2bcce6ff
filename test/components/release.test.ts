import { expect } from "chai";
import { releasedDigests, releasedImage } from "../../components/release";
import { images } from "./settings";

const release = { inference: "registry.example/inference@sha256:abc" };

describe("release", () => {
    it("names no image where the stack builds, even beside a release", () => {
        expect(releasedImage("inference", { ...images, release })).to.equal(undefined);
    });

    it("names the promoted image where the stack takes a release", () => {
        expect(releasedImage("inference", { ...images, from: "release", release })).to.equal(release.inference);
    });

    it("never lets a stack build what its release lacks", () => {
        expect(() => releasedImage("training", { ...images, from: "release", release })).to.throw("the release names no training image");
    });

    it("lists the digests that a repository has to keep, and not those of another", () => {
        const references = [
            "host/p/ml-images/inference@sha256:abc",
            "host/p/ml-images/training@sha256:abc",
            "host/q/ml-images/inference@sha256:def",
        ];
        expect(releasedDigests(references, "p/ml-images")).to.deep.equal(["sha256:abc"]);
        expect(releasedDigests(references, "p/ml")).to.deep.equal([]);
    });
});

import { expect } from "chai";
import { releasedDigests } from "../../../components/registry/cleanup-policies";

describe("releasedDigests", () => {
    it("lists the digests that a repository has to keep, and none of another repository", () => {
        const references = [
            "host/p/ml-images/inference@sha256:abc",
            "host/p/ml-images/training@sha256:abc",
            "host/q/ml-images/inference@sha256:def",
        ];
        expect(releasedDigests(references, "p/ml-images")).to.deep.equal(["sha256:abc"]);
        expect(releasedDigests(references, "p/ml")).to.deep.equal([]);
    });
});

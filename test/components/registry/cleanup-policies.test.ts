import { expect } from "chai";
import { cacheCleanup, imageCleanup } from "../../../components/registry/cleanup-policies";

const args = { keepNewest: 10, deleteUntaggedAfterDays: 14, releasedDigests: [] };

describe("clean-up", () => {
    it("deletes untagged versions and keeps the newest", () => {
        expect(imageCleanup(args)).to.deep.equal([
            { id: "delete-untagged", action: "DELETE", condition: { tagState: "UNTAGGED", olderThan: "1209600s" } },
            { id: "keep-newest", action: "KEEP", mostRecentVersions: { keepCount: 10 } },
        ]);
    });

    it("keeps the digests of a release", () => {
        expect(imageCleanup({ ...args, releasedDigests: ["sha256:abc"] })).to.deep.include({
            id: "keep-released",
            action: "KEEP",
            condition: { tagState: "ANY", versionNamePrefixes: ["sha256:abc"] },
        });
    });

    it("deletes any cache that is old", () => {
        expect(cacheCleanup(30)).to.deep.equal([
            { id: "delete-old", action: "DELETE", condition: { tagState: "ANY", olderThan: "2592000s" } },
        ]);
    });
});

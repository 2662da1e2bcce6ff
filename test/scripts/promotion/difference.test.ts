import { expect } from "chai";
import { difference, rollback } from "../../../scripts/promotion/difference";

const before = { images: { inference: "r/i@1", training: "r/t@1" }, commit: "1".repeat(40), time: "2026-01-01T00:00:00Z", by: "ann" };
const after = { images: { inference: "r/i@2", training: "r/t@1" }, commit: "2".repeat(40), time: "2026-01-02T00:00:00Z", by: "bob" };
const promotion = { stack: "prod", file: "Pulumi.prod.yaml", from: "release", before, after };

describe("difference", () => {
    it("shows each value before and after", () => {
        expect(difference(promotion).split("\n")).to.deep.equal([
            "Pulumi.prod.yaml",
            "  images.from  release (unchanged)",
            "  inference    r/i@1 → r/i@2",
            "  training     r/t@1 (unchanged)",
            `  commit       ${"1".repeat(40)} → ${"2".repeat(40)}`,
            "  time         2026-01-01T00:00:00Z → 2026-01-02T00:00:00Z",
            "  by           ann → bob",
        ]);
    });

    it("shows the variant and platforms of the images", () => {
        const builtFor = { variant: "gpu" as const, platforms: ["linux/amd64"] };
        expect(difference({ ...promotion, after: { ...after, builtFor } }).split("\n")).to.include.members([
            "  variant      none → gpu",
            "  platforms    none → linux/amd64",
        ]);
    });

    it("shows any image, and the variant and platforms of one that differs", () => {
        const kind = { variant: "cpu" as const, platforms: ["linux/amd64", "linux/arm64"] };
        const builtFor = { variant: "gpu" as const, platforms: ["linux/amd64"], others: { ranking: kind } };
        const images = { ...after.images, ranking: "r/r@1" };
        expect(difference({ ...promotion, after: { ...after, images, builtFor } }).split("\n")).to.include.members([
            "  ranking      none → r/r@1",
            "  ranking built for none → cpu, linux/amd64, linux/arm64",
        ]);
    });

    it("shows added and removed images", () => {
        const first = difference({ ...promotion, from: "build", before: undefined, after: { ...after, images: { training: "r/t@1" } } });
        expect(first)
            .to.contain("images.from  build → release")
            .and.to.contain("training     none → r/t@1")
            .and.not.to.contain("inference");
        expect(difference({ ...promotion, after: { ...after, images: {} } })).to.contain("inference    r/i@1 → none");
    });
});

describe("rollback", () => {
    it("is the command that promotes the release before", () => {
        expect(rollback(promotion)).to.equal("Rollback: npm run promote -- --to prod --release 111111111111");
    });

    it("is a git command if the stack had no release before", () => {
        expect(rollback({ ...promotion, before: undefined })).to.equal(
            "Rollback: git revert the commit of Pulumi.prod.yaml; prod had no release before.",
        );
    });
});

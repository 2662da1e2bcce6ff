import { expect } from "chai";
import { parseConfig } from "../../../components/config/load";
import { sound } from "../bad-stacks";
import { problemsOf } from "../problems-of";
import { edited } from "../stack-files";

const SECTION = "ml-platform:promotion";

describe("the section promotion", () => {
    it("accepts an image without provenance for a reason", () => {
        const unverified = [{ image: "redis", reason: "the vendor publishes no provenance" }];
        expect(parseConfig(edited(sound, { [SECTION]: { unverified } }), "dev").promotion).to.deep.include({ unverified });
    });

    it("refuses an exception without a reason", () => {
        for (const reason of ["", " "]) {
            expect(problemsOf(edited(sound, { [SECTION]: { unverified: [{ image: "redis", reason }] } }))).to.have.length(1);
        }
        expect(problemsOf(edited(sound, { [SECTION]: { unverified: ["redis"] } }))).to.have.length(1);
    });
});

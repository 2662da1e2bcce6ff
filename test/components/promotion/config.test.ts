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

    it("refuses critical vulnerabilities unless it names another severity", () => {
        const severityOf = (section: object) => parseConfig(edited(sound, { [SECTION]: section }), "dev").promotion?.severity;
        expect(severityOf({ unverified: [] })).to.equal("CRITICAL");
        expect(severityOf({ severity: "HIGH" })).to.equal("HIGH");
        expect(problemsOf(edited(sound, { [SECTION]: { severity: "SEVERE" } }))).to.have.length(1);
    });

    it("accepts a vulnerability for a reason until a day", () => {
        const accepted = (exception: object) => edited(sound, { [SECTION]: { vulnerabilities: [exception] } });
        const exception = { id: "CVE-2026-12345", reason: "the service parses no XML", until: "2027-03-31" };
        expect(problemsOf(accepted(exception))).to.deep.equal([]);
        for (const change of [{ until: undefined }, { until: "soon" }, { until: "2027-02-30" }, { reason: undefined }, { id: undefined }]) {
            expect(problemsOf(accepted({ ...exception, ...change })), JSON.stringify(change)).to.have.length(1);
        }
    });
});

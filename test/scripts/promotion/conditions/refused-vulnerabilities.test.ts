import { expect } from "chai";
import { sortVulnerabilities } from "../../../../scripts/promotion/conditions/refused-vulnerabilities";
import type { Vulnerability } from "../../../../scripts/promotion/conditions/scan";
import { promotionSchema } from "../../../../components/promotion/config";

const TODAY = "2026-12-01T12:00:00Z";

const vulnerability = (id: string, severity: Vulnerability["severity"], fixed?: string): Vulnerability => ({
    ...{ id, severity, package: "openssl", installed: "3.0.11-1" },
    fixed,
});
const FOUND = [
    vulnerability("CVE-3", "HIGH"),
    vulnerability("CVE-2", "CRITICAL"),
    vulnerability("CVE-1", "CRITICAL", "3.0.13-1"),
    vulnerability("CVE-4", "LOW"),
];

describe("sortVulnerabilities", () => {
    const sorted = (config: object) => sortVulnerabilities(FOUND, promotionSchema.parse(config), TODAY);
    const accepted = (until: string) => sorted({ vulnerabilities: [{ id: "CVE-1", reason: "not reachable", until }] });

    it("refuses critical ones by default, with package and versions", () => {
        expect(sorted({})).to.deep.equal({
            refused: ["  CVE-1 CRITICAL openssl 3.0.11-1, fixed in 3.0.13-1", "  CVE-2 CRITICAL openssl 3.0.11-1, no fix available"],
            accepted: [],
            excepted: [],
        });
    });

    it("refuses from the severity of the stack file up", () => {
        const ids = (severity: string) => sorted({ severity }).refused.map((line) => line.trim().split(" ")[0]);
        expect(ids("HIGH")).to.deep.equal(["CVE-1", "CVE-2", "CVE-3"]);
        expect(ids("MINIMAL")).to.deep.equal(["CVE-1", "CVE-2", "CVE-3", "CVE-4"]);
    });

    it("accepts one up to the last day of its exception", () => {
        for (const until of ["2026-12-01", "2027-01-01"]) {
            expect(accepted(until).accepted).to.deep.equal(["CVE-1"]);
            expect(accepted(until).refused).to.have.length(1);
        }
        expect(accepted("2026-11-30")).to.deep.equal({
            refused: [
                "  CVE-1 CRITICAL openssl 3.0.11-1, fixed in 3.0.13-1; its exception ended on 2026-11-30",
                "  CVE-2 CRITICAL openssl 3.0.11-1, no fix available",
            ],
            accepted: [],
            excepted: ["CVE-1"],
        });
    });
});

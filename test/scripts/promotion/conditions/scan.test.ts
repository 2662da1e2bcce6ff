import { expect } from "chai";
import { type Scan, scanOf } from "../../../../scripts/promotion/conditions/scan";
import { Analysis } from "./analysis";

const A = `sha256:${"a".repeat(64)}`;
const B = `sha256:${"b".repeat(64)}`;
const NAME = "us-central1-docker.pkg.dev/p/ml-images/inference";

describe("the scan of an image", () => {
    let analysis: Analysis;

    beforeEach(async () => {
        analysis = await Analysis.start();
    });

    afterEach(() => {
        analysis.stop();
    });

    const scan = (...platforms: readonly string[]): Promise<Scan> => scanOf(`${NAME}@${A}`, platforms.length === 0 ? [A] : platforms);
    const openssl = { package: "openssl", installed: "3.0.11-1" };

    it("has the vulnerabilities that the scanner found, with the versions", async () => {
        await analysis.scanned(`${NAME}@${A}`);
        expect(await scan()).to.deep.equal({ state: "scanned", vulnerabilities: [] });
        await analysis.vulnerable(`${NAME}@${A}`, "CVE-2026-1", "CRITICAL", "3.0.13-1");
        await analysis.vulnerable(`${NAME}@${A}`, "CVE-2026-2", "LOW");
        await analysis.vulnerable(`${NAME}@${B}`, "CVE-2026-3", "CRITICAL");
        const { vulnerabilities } = (await scan()) as Scan & { state: "scanned" };
        expect(vulnerabilities).to.have.deep.members([
            { id: "CVE-2026-1", severity: "CRITICAL", ...openssl, fixed: "3.0.13-1" },
            { id: "CVE-2026-2", severity: "LOW", ...openssl, fixed: undefined },
        ]);
    });

    it("covers each platform, and names shared vulnerabilities once", async () => {
        for (const digest of [A, B]) {
            await analysis.vulnerable(`${NAME}@${digest}`, "CVE-2026-1", "HIGH");
        }
        await analysis.scanned(`${NAME}@${A}`);
        expect(await scan(A, B)).to.include({ state: "not scanned" });
        await analysis.scanned(`${NAME}@${B}`);
        expect(await scan(A, B))
            .to.have.property("vulnerabilities")
            .with.length(1);
    });

    it("is found behind a mirror, where the address of the repository is in the path", async () => {
        await analysis.scanned(`${NAME}@${A}`);
        expect(await scanOf(`127.0.0.1:5000/${NAME}@${A}`, [A])).to.include({ state: "scanned" });
    });

    it("is missing if nothing scans the image", async () => {
        expect(await scan()).to.deep.equal({
            state: "not scanned",
            reason: "registry.scanning is off, or was off when the image was pushed",
        });
        expect(await scanOf(`redis@${A}`, [A])).to.deep.equal({ state: "not scanned", reason: "it is not in Artifact Registry" });
        await analysis.scanned(`${NAME}@${A}`, "FINISHED_UNSUPPORTED");
        expect(await scan()).to.deep.equal({ state: "not scanned", reason: "the scanner does not support it" });
        await analysis.disable();
        expect(await scan()).to.deep.equal({
            state: "not scanned",
            reason: "the API containeranalysis.googleapis.com is not enabled in p",
        });
    });

    it("is unknown while it runs, if it failed, and if it cannot be read", async () => {
        for (const [digest, status] of [
            [A, "SCANNING"],
            [B, "FINISHED_FAILED"],
        ] as const) {
            await analysis.scanned(`${NAME}@${digest}`, status);
            expect(await scan(digest)).to.deep.include({ state: "unknown", reason: `its scan is in the state ${status}` });
        }
        process.env.GOOGLE_OAUTH_ACCESS_TOKEN = "expired";
        expect(await scan())
            .to.have.property("reason")
            .that.matches(/^Artifact Analysis cannot be read \(/);
    });
});

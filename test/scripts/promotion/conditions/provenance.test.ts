import { expect } from "chai";
import { verifiedProvenance } from "../../../../scripts/promotion/conditions/provenance";
import { Analysis } from "./analysis";
import { ofBuildKit, ofCloudBuild, ofCloudBuildV01 } from "./provenance-examples";

const A = `sha256:${"a".repeat(64)}`;
const B = `sha256:${"b".repeat(64)}`;
const IMAGE = `us-central1-docker.pkg.dev/p/ml-images/inference@${A}`;
const NOTE = "projects/verified-builder/notes/intoto_slsa_v1_1";
const OURS = "https://github.com/my-organization/ml-platform";
const OTHERS = "https://github.com/salrashid123/cloud_build_slsa";

describe("the provenance of an image", () => {
    let analysis: Analysis;

    beforeEach(async () => {
        analysis = await Analysis.start();
    });

    afterEach(() => {
        analysis.stop();
    });

    /** The builder of the image, or the fault. */
    async function verdict(
        provenance: readonly unknown[],
        { reference = IMAGE, platforms = [A], repositories = [OURS] } = {},
    ): Promise<unknown> {
        const verified = await verifiedProvenance(reference, { platforms, provenance, sbom: undefined }, repositories);
        return "problem" in verified ? verified.problem : verified.provenance.builder;
    }

    const built = (statement: object, note = NOTE) =>
        analysis.record(IMAGE, note, {
            build: "slsaProvenance" in statement ? { intotoStatement: statement } : { inTotoSlsaProvenanceV1: statement },
        });

    it("counts if BuildKit attached it to this image, and to each of its platforms", async () => {
        expect(await verdict([ofBuildKit(A)])).to.equal("BuildKit");
        expect(await verdict([ofBuildKit(B)])).to.equal(`has provenance of something else: no statement is about ${A}`);
        expect(await verdict([ofBuildKit(A), ofBuildKit(B)], { platforms: [A, B] })).to.equal("BuildKit");
        expect(await verdict([ofBuildKit(A)], { platforms: [A, B] })).to.equal(
            `has provenance of something else: no statement is about ${B}`,
        );
    });

    it("does not count if another builder attached it, or the statement is something else", async () => {
        expect(await verdict([ofCloudBuild(A)])).to.equal(
            "has provenance of another builder than BuildKit: https://cloudbuild.googleapis.com/GoogleHostedWorker",
        );
        expect(await verdict([{ subject: [], predicate: {} }])).to.contain("no statement is about");
    });

    it("counts if Cloud Build recorded it for this image, from the team's repository", async () => {
        await built(ofCloudBuild(A, `${OURS}.git`));
        expect(await verdict([])).to.equal("Cloud Build");
    });

    it("does not count if Cloud Build built another repository, unless no stack file names one", async () => {
        await built(ofCloudBuild(A));
        // The older statement of the same build names no repository.
        await built(ofCloudBuildV01(A, "gs://bucket/source.tgz"));
        expect(await verdict([])).to.equal(`was built from ${OTHERS}, and the stack files name ${OURS}`);
        expect(await verdict([], { repositories: [] })).to.equal("Cloud Build");
    });

    it("does not count if it is about another image, or if anyone but Google recorded it", async () => {
        await built(ofCloudBuild(B, OURS));
        expect(await verdict([])).to.equal(`has provenance of something else: no statement is about ${A}`);
        await built(ofCloudBuild(A, OURS), "projects/p/notes/forged");
        expect(await verdict([])).to.equal(`has provenance of something else: no statement is about ${A}`);
        await built(ofCloudBuildV01(A, `${OURS}/commit/${"f".repeat(40)}`));
        expect(await verdict([])).to.equal("Cloud Build");
    });

    it("is missing without a record, and for a registry that Artifact Analysis does not cover", async () => {
        expect(await verdict([])).to.equal("has no provenance");
        expect(await verdict([], { reference: `redis@${A}` })).to.equal("has no provenance");
    });

    it("is unknown, and does not count, if Artifact Analysis cannot be read", async () => {
        await built(ofCloudBuild(A, OURS));
        process.env.GOOGLE_OAUTH_ACCESS_TOKEN = "expired";
        expect(await verdict([])).to.match(
            /^has unknown provenance: Artifact Analysis cannot be read \(Request had invalid authentication credentials/,
        );
        process.env.GOOGLE_CONTAINER_ANALYSIS_CUSTOM_ENDPOINT = "http://127.0.0.1:1/";
        expect(await verdict([])).to.match(/^has unknown provenance: Artifact Analysis cannot be read \(\S+/);
        process.env.GOOGLE_OAUTH_ACCESS_TOKEN = "";
        const { PATH } = process.env;
        process.env.PATH = "/nowhere";
        try {
            expect(await verdict([])).to.match(/cannot be read \(gcloud is not on PATH: /);
        } finally {
            process.env.PATH = PATH;
        }
    });

    it("is unknown if the API is disabled", async () => {
        await analysis.disable();
        expect(await verdict([])).to.match(/^has unknown provenance: .* \(Container Analysis API has not been used in project /);
    });
});

import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { attestationText, cloudBuildProvenance } from "../../../../scripts/promotion/registry/attestations";

const IMAGE = `us-central1-docker.pkg.dev/p/ml-images/inference@sha256:${"a".repeat(64)}`;

describe("provenance of Cloud Build", () => {
    const { PATH } = process.env;
    let programs = "";

    /** A gcloud that answers for IMAGE alone. */
    const gcloud = (script: string): void => {
        const expected = `artifacts docker images describe ${IMAGE} --show-provenance --format=json`;
        fs.writeFileSync(path.join(programs, "gcloud"), `#!/bin/sh\n[ "$*" = "${expected}" ] || exit 2\n${script}\n`, { mode: 0o755 });
    };

    beforeEach(() => {
        programs = fs.mkdtempSync(path.join(os.tmpdir(), "programs-"));
        process.env.PATH = `${programs}:${PATH ?? ""}`;
    });
    afterEach(() => {
        process.env.PATH = PATH;
        fs.rmSync(programs, { recursive: true });
    });

    it("is what gcloud lists", async () => {
        gcloud(`echo '{"image_summary":{},"provenance_summary":{"provenance":[{"kind":"BUILD"}]}}'`);
        expect(await cloudBuildProvenance(IMAGE)).to.equal("Cloud Build");
        for (const none of ['{"image_summary":{}}', '{"provenance_summary":{}}', '{"provenance_summary":{"provenance":[]}}']) {
            gcloud(`echo '${none}'`);
            expect(await cloudBuildProvenance(IMAGE), none).to.equal(undefined);
        }
    });

    it("is unknown if gcloud may not read Artifact Analysis, or its API is disabled", async () => {
        for (const refusal of [
            "PERMISSION_DENIED: Permission 'containeranalysis.occurrences.list' denied on resource 'projects/p'",
            "PERMISSION_DENIED: Container Analysis API has not been used in project p before or it is disabled.",
        ]) {
            gcloud(`echo "ERROR: (gcloud.artifacts.docker.images.describe) ${refusal}" >&2; exit 1`);
            expect(await cloudBuildProvenance(IMAGE)).to.deep.equal({ unknown: `gcloud: ${refusal}` });
        }
    });

    it("is unknown if gcloud is missing, or prints no JSON", async () => {
        process.env.PATH = programs;
        expect(await cloudBuildProvenance(IMAGE))
            .to.have.property("unknown")
            .that.matches(/^gcloud is not on PATH: /);
        for (const output of ["Updates are available.", "[]"]) {
            gcloud(`echo '${output}'`);
            expect(await cloudBuildProvenance(IMAGE), output).to.deep.equal({ unknown: "gcloud did not describe the image in JSON" });
        }
    });
});

describe("attestationText", () => {
    it("tells provenance that could not be looked up from provenance that is missing", () => {
        expect(attestationText({ provenance: { unknown: "gcloud: PERMISSION_DENIED: no" } })).to.equal(
            "provenance unknown because Artifact Analysis cannot be read (gcloud: PERMISSION_DENIED: no), no SBOM",
        );
        expect(attestationText({ provenance: undefined })).to.equal("no provenance, no SBOM");
    });

    it("lists what exists and what is missing", () => {
        expect(
            [{}, { provenance: "Cloud Build" as const }, { provenance: "BuildKit" as const, sbom: "SPDX" as const }].map(attestationText),
        ).to.deep.equal(["no provenance, no SBOM", "provenance of Cloud Build, no SBOM", "provenance of BuildKit, SBOM (SPDX)"]);
    });
});

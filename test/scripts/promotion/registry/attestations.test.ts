import { expect } from "chai";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { attestationText, hasCloudBuildProvenance } from "../../../../scripts/promotion/registry/attestations";

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
        expect(await hasCloudBuildProvenance(IMAGE)).to.equal(true);
        for (const none of ['{"image_summary":{}}', '{"provenance_summary":{}}', '{"provenance_summary":{"provenance":[]}}']) {
            gcloud(`echo '${none}'`);
            expect(await hasCloudBuildProvenance(IMAGE), none).to.equal(false);
        }
    });

    it("is unknown if gcloud fails", async () => {
        gcloud("echo 'ERROR: (gcloud.artifacts.docker.images.describe) PERMISSION_DENIED' >&2; exit 1");
        const error = await hasCloudBuildProvenance(IMAGE).catch((reason: unknown) => reason);
        expect(error).to.have.property("message").that.contains("gcloud: ").and.contains("PERMISSION_DENIED");
    });
});

describe("attestationText", () => {
    it("lists what exists and what is missing", () => {
        expect(
            [{}, { provenance: "Cloud Build" as const }, { provenance: "BuildKit" as const, sbom: "SPDX" as const }].map(attestationText),
        ).to.deep.equal(["no provenance, no SBOM", "provenance of Cloud Build, no SBOM", "provenance of BuildKit, SBOM (SPDX)"]);
    });
});

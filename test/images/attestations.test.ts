import { expect } from "chai";
import * as fs from "node:fs";
import * as path from "node:path";
import { PROVENANCE } from "../../components/images/attestations";
import { verifiedProvenance } from "../../scripts/promotion/conditions/provenance";
import { attachedStatements } from "../../scripts/promotion/registry/attached-statements";
import type { Built } from "./engine/builder";
import { contents, platformDigests } from "./engine/registry-client";
import { shared } from "./hooks";
import { ROOT, recipe } from "./images";

/** What a promotion finds with the credentials of the registry. */
async function carried({ ref, accessToken }: Built): Promise<{ readonly provenance: unknown; readonly sbom: unknown }> {
    const folder = shared().workshop.folder("docker");
    const auth = Buffer.from(`oauth2accesstoken:${accessToken}`).toString("base64");
    fs.writeFileSync(path.join(folder, "config.json"), JSON.stringify({ auths: { [ref.split("/")[0] ?? ""]: { auth } } }));
    const { DOCKER_CONFIG } = process.env;
    process.env.DOCKER_CONFIG = folder;
    try {
        const attached = await attachedStatements(ref);
        const verified = await verifiedProvenance(ref, attached, []);
        return { provenance: "problem" in verified ? verified.problem : verified.provenance.builder, sbom: attached.sbom };
    } finally {
        if (DOCKER_CONFIG === undefined) {
            delete process.env.DOCKER_CONFIG;
        } else {
            process.env.DOCKER_CONFIG = DOCKER_CONFIG;
        }
    }
}

/** Builds the service with attestations. BuildKit reads these build arguments like the flags of `docker buildx build`. */
function attested(sbomScanner: string | undefined): Promise<Built> {
    const { builder, canaries } = shared();
    const build = recipe("inference", canaries.inference);
    const scan = sbomScanner === undefined ? {} : { BUILDKIT_ATTEST_SBOM: `generator=${sbomScanner}` };
    return builder.build({ ...build, provenance: false, args: { ...build.args, BUILDKIT_ATTEST_PROVENANCE: PROVENANCE, ...scan } });
}

describe("an image with attestations", () => {
    it("carries provenance that a promotion finds, and none unless the build requests it", async () => {
        const { builder, canaries } = shared();
        expect(await carried(await attested(undefined))).to.deep.equal({ provenance: "BuildKit", sbom: undefined });
        const bare = await builder.build({ ...recipe("inference", canaries.inference), provenance: false });
        expect(await carried(bare)).to.deep.equal({ provenance: "has no provenance", sbom: undefined });
    });

    it("carries the packages that a scanner finds in it", async () => {
        const { builder } = shared();
        const scanner = await builder.build({ name: "scanner", context: path.join(ROOT, "test/images/fixtures/scanner") });
        const built = await attested(scanner.ref);
        expect(await carried(built)).to.deep.equal({ provenance: "BuildKit", sbom: "SPDX" });
        const statements = [...(await contents(built))].flatMap(([what, body]) => (what.includes("in-toto") ? [body.toString()] : []));
        const { predicate } =
            statements.map((text) => JSON.parse(text) as Statement).find(({ predicateType }) => predicateType.includes("spdx")) ?? {};
        const lock = fs.readFileSync(path.join(ROOT, "docker/inference/locks/cpu.txt"), "utf8");
        const [, version] = /^onnxruntime==(\S+)/m.exec(lock) ?? [];
        expect(predicate?.packages).to.deep.include({ name: "onnxruntime", versionInfo: version });
    });

    it("has the same digest for each build, while the digest of its index changes with the time in the provenance", async () => {
        const [first, second] = [await attested(undefined), await attested(undefined)];
        expect(first.digest).not.to.equal(second.digest);
        expect(await platformDigests(second)).to.deep.equal(await platformDigests(first));
    });

    it("is the image that a build without attestations pushes, so that a stack can run it outside the index", async () => {
        const { builder, canaries } = shared();
        const bare = await builder.build({ ...recipe("inference", canaries.inference), provenance: false });
        expect(await platformDigests(await attested(undefined))).to.deep.equal([bare.digest]);
    });
});

interface Statement {
    readonly predicateType: string;
    readonly predicate: { readonly packages?: readonly { readonly name: string; readonly versionInfo: string }[] };
}

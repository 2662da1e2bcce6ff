import { z } from "zod";
import { outputOf } from "../../command-line/program";
import { isGoogleRegistry, parseReference } from "./image-reference";
import { manifestOf } from "./registry";

/** What an image carries besides its layers. */
export interface Attestations {
    /** Who recorded what the image was built from. */
    readonly provenance?: "BuildKit" | "Cloud Build" | undefined;
    /** Format of its list of packages. */
    readonly sbom?: "SPDX" | "CycloneDX" | undefined;
}

/** BuildKit marks attestation manifests, and names the type of each statement. https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
const MANIFEST_TYPE = "vnd.docker.reference.type";
const PREDICATE_TYPE = "in-toto.io/predicate-type";

/**
 * The attestations of an image: those next to it in its registry, else the provenance that Cloud Build keeps in Artifact Analysis.
 * If gcloud cannot read Artifact Analysis, it finds nothing there.
 * @throws CommandError if the registry does not answer
 */
export async function attestationsOf(reference: string): Promise<Attestations> {
    const predicates = await predicatesOf(reference);
    const found: Attestations = {
        provenance: predicates.some((type) => type.startsWith("https://slsa.dev/provenance/")) ? "BuildKit" : undefined,
        sbom: sbomFormat(predicates),
    };
    if (found.provenance !== undefined || !isGoogleRegistry(parseReference(reference).host)) {
        return found;
    }
    const isKnown = await hasCloudBuildProvenance(reference).catch(() => false);
    return { ...found, provenance: isKnown ? "Cloud Build" : undefined };
}

/** Types of the statements in the attestation manifests of an index. An image that is no index has none. */
async function predicatesOf(reference: string): Promise<readonly string[]> {
    const [name = ""] = reference.split("@");
    const { manifests = [] } = await manifestOf(reference);
    const attesting = manifests.filter(({ annotations }) => annotations?.[MANIFEST_TYPE] === "attestation-manifest");
    const statements = await Promise.all(attesting.map(async ({ digest }) => (await manifestOf(`${name}@${digest}`)).layers ?? []));
    return statements.flat().flatMap(({ annotations }) => annotations?.[PREDICATE_TYPE] ?? []);
}

function sbomFormat(predicates: readonly string[]): Attestations["sbom"] {
    if (predicates.some((type) => type.startsWith("https://spdx.dev/"))) {
        return "SPDX";
    }
    return predicates.some((type) => type.startsWith("https://cyclonedx.org/")) ? "CycloneDX" : undefined;
}

const describedSchema = z.object({ provenance_summary: z.object({ provenance: z.array(z.unknown()).default([]) }).optional() });

/**
 * Whether Cloud Build built an image and signed provenance for it. https://cloud.google.com/build/docs/securing-builds/generate-validate-build-provenance
 * @throws ProgramError if gcloud is missing, or its account may not read Artifact Analysis
 */
export async function hasCloudBuildProvenance(reference: string): Promise<boolean> {
    const args = ["artifacts", "docker", "images", "describe", reference, "--show-provenance", "--format=json"];
    const { data } = describedSchema.safeParse(JSON.parse(await outputOf("gcloud", args, process.cwd())));
    return (data?.provenance_summary?.provenance.length ?? 0) > 0;
}

/** Attestations as text, such as `provenance of BuildKit, no SBOM`. */
export function attestationText({ provenance, sbom }: Attestations): string {
    return `${provenance === undefined ? "no provenance" : `provenance of ${provenance}`}, ${sbom === undefined ? "no SBOM" : `SBOM (${sbom})`}`;
}

import { z } from "zod";
import { attestedTag, isAttestedTag } from "../../../components/images/attestations";
import { outputOf } from "../../command-line/program";
import { CommandError } from "../../command-line/run";
import { isGoogleRegistry, parseReference } from "./image-reference";
import { type Manifest, manifestOf, taggedManifest, tagsOf } from "./registry";

/** What an image carries besides its layers. */
export interface Attestations {
    /** Who recorded what the image was built from; undefined if nobody did. */
    readonly provenance?: "BuildKit" | "Cloud Build" | UnknownProvenance | undefined;
    /** Format of its list of packages. */
    readonly sbom?: "SPDX" | "CycloneDX" | undefined;
}

/** Cloud Build may have signed provenance, but Artifact Analysis could not be read. */
interface UnknownProvenance {
    /** Reason in one line. */
    readonly unknown: string;
}

/** BuildKit marks attestation manifests, and names the type of each statement. https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
const MANIFEST_TYPE = "vnd.docker.reference.type";
const PREDICATE_TYPE = "in-toto.io/predicate-type";

/**
 * The attestations of an image: those in its index or next to it in its registry, else the provenance that Cloud Build keeps in Artifact Analysis.
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
    return { ...found, provenance: await cloudBuildProvenance(reference) };
}

/** Types of the statements about an image: in its own index, else in the index that `pulumi up` pushes next to it. */
async function predicatesOf(reference: string): Promise<readonly string[]> {
    const own = await manifestOf(reference);
    const attesting = attestationManifests(own);
    const indexed = attesting.length > 0 ? attesting : attestationManifests(await indexNextTo(reference, own));
    const [name = ""] = reference.split("@");
    const statements = await Promise.all(indexed.map(async ({ digest }) => (await manifestOf(`${name}@${digest}`)).layers ?? []));
    return statements.flat().flatMap(({ annotations }) => annotations?.[PREDICATE_TYPE] ?? []);
}

const attestationManifests = ({ manifests = [] }: Manifest) =>
    manifests.filter(({ annotations }) => annotations?.[MANIFEST_TYPE] === "attestation-manifest");

/** The index with the image and its attestations. In a registry with immutable tags, the hash in its tag is unknown. */
async function indexNextTo(reference: string, own: Manifest): Promise<Manifest> {
    const { digest } = parseReference(reference);
    const index = await taggedManifest(reference, attestedTag(digest));
    if (index !== undefined) {
        return holds(index, digest, own) ? index : {};
    }
    for (const tag of (await tagsOf(reference)).filter((each) => isAttestedTag(each, digest))) {
        const other = (await taggedManifest(reference, tag)) ?? {};
        if (holds(other, digest, own)) {
            return other;
        }
    }
    return {};
}

/** An index that lacks the image, or one of its platforms, attests another build. */
function holds({ manifests = [] }: Manifest, digest: string, own: Manifest): boolean {
    const listed = manifests.map((each) => each.digest);
    const images = own.manifests?.map((each) => each.digest) ?? [digest];
    return images.every((image) => listed.includes(image));
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
 * Unknown if gcloud is missing, its account may not read Artifact Analysis, or the project has not enabled its API.
 */
export async function cloudBuildProvenance(reference: string): Promise<"Cloud Build" | UnknownProvenance | undefined> {
    const args = ["artifacts", "docker", "images", "describe", reference, "--show-provenance", "--format=json"];
    try {
        const { provenance_summary: summary } = describedSchema.parse(JSON.parse(await outputOf("gcloud", args, process.cwd())));
        return (summary?.provenance.length ?? 0) > 0 ? "Cloud Build" : undefined;
    } catch (error) {
        return { unknown: error instanceof CommandError ? error.message : "gcloud did not describe the image in JSON" };
    }
}

/** Attestations as text, such as `provenance of BuildKit, no SBOM`. */
export function attestationText({ provenance, sbom }: Attestations): string {
    return `${provenanceText(provenance)}, ${sbom === undefined ? "no SBOM" : `SBOM (${sbom})`}`;
}

function provenanceText(provenance: Attestations["provenance"]): string {
    if (provenance === undefined) {
        return "no provenance";
    }
    return typeof provenance === "string"
        ? `provenance of ${provenance}`
        : `provenance unknown because Artifact Analysis cannot be read (${provenance.unknown})`;
}

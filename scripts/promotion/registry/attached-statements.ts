import { attestedTag, isAttestedTag } from "../../../components/images/attestations";
import { parseReference } from "./image-reference";
import { jsonBlob, type Manifest, manifestOf, taggedManifest, tagsOf } from "./registry";

/** Format of a list of packages. */
export type Sbom = "SPDX" | "CycloneDX";

/** An image with the statements about it in its registry. */
export interface AttachedStatements {
    /** Digests of its platforms, or of the image itself if it has one platform. */
    readonly platforms: readonly string[];
    /** Statements of provenance, as JSON. */
    readonly provenance: readonly unknown[];
    readonly sbom: Sbom | undefined;
}

/** BuildKit marks attestation manifests, and names the type of each statement. https://docs.docker.com/build/metadata/attestations/attestation-storage/ */
const MANIFEST_TYPE = "vnd.docker.reference.type";
const PREDICATE_TYPE = "in-toto.io/predicate-type";

/**
 * The statements about an image: in its own index, else in the index that `pulumi up` pushes next to it.
 * @throws CommandError if the registry does not serve the image or a statement, or does not answer
 */
export async function attachedStatements(reference: string): Promise<AttachedStatements> {
    const own = await manifestOf(reference);
    const attesting = attestationManifests(own);
    const indexed = attesting.length > 0 ? attesting : attestationManifests(await indexNextTo(reference, own));
    const [name = ""] = reference.split("@");
    const layers = (await Promise.all(indexed.map(async ({ digest }) => (await manifestOf(`${name}@${digest}`)).layers ?? []))).flat();
    const typed = layers.map(({ digest, annotations }) => ({ digest, type: annotations?.[PREDICATE_TYPE] ?? "" }));
    const provenance = typed.filter(({ type }) => type.startsWith("https://slsa.dev/provenance/"));
    return {
        platforms: platformsOf(reference, own),
        provenance: await Promise.all(provenance.map(({ digest }) => jsonBlob(reference, digest))),
        sbom: sbomFormat(typed.map(({ type }) => type)),
    };
}

const attestationManifests = ({ manifests = [] }: Manifest) => manifests.filter(isAttestation);

const isAttestation = ({ annotations }: NonNullable<Manifest["manifests"]>[number]): boolean =>
    annotations?.[MANIFEST_TYPE] === "attestation-manifest";

const platformsOf = (reference: string, { manifests }: Manifest): readonly string[] =>
    manifests?.filter((each) => !isAttestation(each)).map(({ digest }) => digest) ?? [parseReference(reference).digest];

/** The index with the image and its attestations. In a registry with immutable tags, the hash in its tag is unknown. */
async function indexNextTo(reference: string, own: Manifest): Promise<Manifest> {
    const { digest } = parseReference(reference);
    const platforms = platformsOf(reference, own);
    const index = await taggedManifest(reference, attestedTag(digest));
    if (index !== undefined) {
        return holds(index, platforms) ? index : {};
    }
    for (const tag of (await tagsOf(reference)).filter((each) => isAttestedTag(each, digest))) {
        const other = (await taggedManifest(reference, tag)) ?? {};
        if (holds(other, platforms)) {
            return other;
        }
    }
    return {};
}

/** An index that lacks the image, or one of its platforms, attests another build. */
function holds({ manifests = [] }: Manifest, platforms: readonly string[]): boolean {
    const listed = manifests.map(({ digest }) => digest);
    return platforms.every((platform) => listed.includes(platform));
}

function sbomFormat(predicates: readonly string[]): Sbom | undefined {
    if (predicates.some((type) => type.startsWith("https://spdx.dev/"))) {
        return "SPDX";
    }
    return predicates.some((type) => type.startsWith("https://cyclonedx.org/")) ? "CycloneDX" : undefined;
}

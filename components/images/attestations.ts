/**
 * Provenance with everything that BuildKit records: the sources by digest, the Dockerfile and the build arguments, which are not secret.
 * https://docs.docker.com/build/metadata/attestations/slsa-provenance/
 */
export const PROVENANCE = "mode=max";

/**
 * Scanner that lists the packages of an image, BuildKit's own default, at the digest of the tag. It runs as a step of the build.
 * https://hub.docker.com/r/docker/buildkit-syft-scanner
 */
export const SBOM_SCANNER = "docker/buildkit-syft-scanner:1.11.0@sha256:79e7b013cbec16bbb436f312819a49a4a57752b2270c1a9332ae1a10fcc82a68";

/**
 * Tag of the index with an image and its attestations, from the digest of the image, which depends only on its files. The digest of the index differs at each build.
 * @param content hash of all inputs of the build, for a registry with immutable tags: other inputs can give the same image, and their index needs another tag
 */
export const attestedTag = (digest: string, content?: string): string =>
    [digest.replace(":", "-"), ...(content === undefined ? [] : [content]), "attested"].join(".");

/** Whether a tag belongs to an index with the image and its attestations, in a registry with or without immutable tags. */
export const isAttestedTag = (tag: string, digest: string): boolean =>
    tag === attestedTag(digest) || (tag.startsWith(`${digest.replace(":", "-")}.`) && /\.[0-9a-f]{12}\.attested$/.test(tag));

/** Resource name of the build that attaches attestations. No image of a stack has two dashes in a row in its name. */
export const attestedName = (image: string): string => `${image}--attested`;

/**
 * Flags of `docker buildx build` that attach provenance and an SBOM to an image that it pushes.
 * https://docs.docker.com/build/metadata/attestations/
 *
 * @param sbomScanner image of the scanner; undefined for an image without an SBOM
 */
export const attestationFlags = (sbomScanner: string | undefined): string[] => [
    `--provenance=${PROVENANCE}`,
    ...(sbomScanner === undefined ? [] : [`--sbom=generator=${sbomScanner}`]),
];

/**
 * The same as build arguments. The docker-build provider has no input for attestations, and turns off BuildKit's default.
 * https://github.com/moby/buildkit/blob/v0.31.1/frontend/attestations/parse.go
 *
 * @param sbomScanner image of the scanner; undefined for an image without an SBOM
 */
export const attestationArguments = (sbomScanner: string | undefined): Record<string, string> => ({
    BUILDKIT_ATTEST_PROVENANCE: PROVENANCE,
    ...(sbomScanner === undefined ? {} : { BUILDKIT_ATTEST_SBOM: `generator=${sbomScanner}` }),
});

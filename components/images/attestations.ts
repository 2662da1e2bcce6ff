import type { ImageRecipe } from "./image-recipe";

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
 * Build arguments by which BuildKit attaches provenance and an SBOM. The docker-build provider has no input for attestations, and turns off
 * the provenance that BuildKit attaches by default; these arguments are BuildKit's own way to ask for them.
 * https://github.com/moby/buildkit/blob/v0.31.1/frontend/attestations/parse.go
 */
export const attestationArguments = ({ sbomScanner }: Pick<ImageRecipe, "sbomScanner">): Record<string, string> => ({
    BUILDKIT_ATTEST_PROVENANCE: PROVENANCE,
    ...(sbomScanner === undefined ? {} : { BUILDKIT_ATTEST_SBOM: `generator=${sbomScanner}` }),
});

/** The same as flags of `docker buildx build`, for an image that it pushes. */
export const attestationFlags = ({ sbomScanner }: Pick<ImageRecipe, "sbomScanner">): string[] => [
    `--provenance=${PROVENANCE}`,
    ...(sbomScanner === undefined ? [] : [`--sbom=generator=${sbomScanner}`]),
];

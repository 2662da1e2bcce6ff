const sha256 = (digest: string) => ({ digest: { sha256: digest.replace("sha256:", "") } });

/**
 * A statement of BuildKit in SLSA v1, reduced. Its builder has no identity unless the build sets one.
 * https://docs.docker.com/build/metadata/attestations/slsa-definitions/
 */
export const ofBuildKit = (...digests: readonly string[]) => ({
    _type: "https://in-toto.io/Statement/v0.1",
    predicateType: "https://slsa.dev/provenance/v1",
    subject: digests.map((digest) => ({ name: "pkg:docker/registry/inference@dev?platform=linux%2Famd64", ...sha256(digest) })),
    predicate: {
        buildDefinition: {
            buildType: "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md",
            externalParameters: { configSource: { path: "Dockerfile" }, request: { frontend: "dockerfile.v0" } },
            resolvedDependencies: [{ uri: "pkg:docker/python@3.11-slim-bookworm?platform=linux%2Famd64", digest: { sha256: "0b" } }],
        },
        runDetails: { builder: { id: "" }, metadata: { invocationId: "x" } },
    },
});

/** The same in SLSA v0.2, the default of BuildKit before 0.31. */
export const ofOlderBuildKit = (...digests: readonly string[]) => ({
    ...ofBuildKit(...digests),
    predicateType: "https://slsa.dev/provenance/v0.2",
    predicate: { builder: { id: "" }, buildType: "https://mobyproject.org/buildkit@v1", materials: [] },
});

/**
 * A statement of Cloud Build in SLSA v1, reduced. https://github.com/salrashid123/cloud_build_slsa
 * @param repository default: the example's
 */
export const ofCloudBuild = (digest: string, repository = "https://github.com/salrashid123/cloud_build_slsa") => ({
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: "https://us-central1-docker.pkg.dev/srashid-test2/repo1/test:server", ...sha256(digest) }],
    predicateType: "https://slsa.dev/provenance/v1",
    predicate: {
        buildDefinition: {
            buildType: "https://cloud.google.com/build/gcb-buildtypes/google-worker/v1",
            externalParameters: {
                substitutions: {},
                buildConfigSource: { path: "cloudbuild.yaml", ref: "refs/heads/main", repository: `git+${repository}` },
            },
            resolvedDependencies: [
                { uri: `git+${repository}@refs/heads/main`, digest: { gitCommit: "b66934a9d0dc0e8ea9ada3afd7a96bc90ca82359" } },
                { uri: "quay.io/containers/skopeo:v1.16.1@sha256:5b7af420", digest: { sha256: "5b7af420" } },
            ],
        },
        runDetails: { builder: { id: "https://cloudbuild.googleapis.com/GoogleHostedWorker" } },
    },
});

/** A statement of Cloud Build in SLSA v0.1, reduced. https://github.com/slsa-framework/slsa-verifier/tree/main/cli/slsa-verifier/testdata/gcb_container */
export const ofCloudBuildV01 = (digest: string, ...materials: readonly string[]) => ({
    _type: "https://in-toto.io/Statement/v0.1",
    predicateType: "https://slsa.dev/provenance/v0.1",
    slsaProvenance: {
        builder: { id: "https://cloudbuild.googleapis.com/GoogleHostedWorker@v0.3" },
        materials: materials.map((uri) => ({ uri })),
        recipe: { type: "https://cloudbuild.googleapis.com/CloudBuildYaml@v0.1", entryPoint: "cloudbuild.yaml" },
    },
    subject: [{ name: "https://us-west2-docker.pkg.dev/slsa-tooling/example-package-repo/e2e", ...sha256(digest) }],
});

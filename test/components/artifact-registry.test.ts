import { expect } from "chai";
import { ArtifactRegistry, type ArtifactRegistryArgs } from "../../components/artifact-registry";
import { record, valueOf, type Recording } from "./recorded";
import { registry } from "./settings";

const REPOSITORY = "gcp:artifactregistry/repository:Repository";
const MEMBER = "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember";

async function made(edits: Partial<ArtifactRegistryArgs> = {}, protect = false): Promise<[ArtifactRegistry, Recording]> {
    let component: ArtifactRegistry | undefined;
    const recording = await record((options) => {
        component = new ArtifactRegistry(
            "registry",
            { ...registry, project: "my-project", releasedImages: [], ...edits },
            { ...options, protect },
        );
    });
    return [component as ArtifactRegistry, recording];
}

describe("ArtifactRegistry", () => {
    it("makes the image repository and one for the cache, with clean-up of their own", async () => {
        const [, recording] = await made();
        expect(recording.names(REPOSITORY)).to.deep.equal(["registry", "registry-cache"]);
        expect(recording.one(REPOSITORY, "registry").inputs).to.deep.include({
            repositoryId: "ml-images",
            location: "us-central1",
            format: "DOCKER",
            dockerConfig: { immutableTags: false },
            cleanupPolicyDryRun: false,
            vulnerabilityScanningConfig: { enablementConfig: "INHERITED" },
        });
        expect(recording.one(REPOSITORY, "registry-cache").inputs).to.deep.include({ repositoryId: "ml-images-cache" });
    });

    it("takes its addresses from the resources", async () => {
        const [component] = await made();
        expect(await valueOf(component.registryUri)).to.equal("registry.example/ml-images");
        expect(await valueOf(component.cacheUri)).to.equal("registry.example/ml-images-cache");
        expect(component.baseImagesUri).to.equal(undefined);
    });

    it("keeps what was given", async () => {
        const kmsKey = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
        const [, recording] = await made({ kmsKey, immutableTags: true, scanning: false, cleanupDryRun: true });
        expect(recording.one(REPOSITORY, "registry").inputs).to.deep.include({
            kmsKeyName: kmsKey,
            dockerConfig: { immutableTags: true },
            vulnerabilityScanningConfig: { enablementConfig: "DISABLED" },
            cleanupPolicyDryRun: true,
        });
    });

    it("keeps the images that some stack takes from its release, if it holds them", async () => {
        const [, recording] = await made({
            releasedImages: ["my-project/ml-images/inference@sha256:abc", "other/ml-images/inference@sha256:def"].map(
                (image) => `registry.example/${image}`,
            ),
        });
        expect(recording.one(REPOSITORY, "registry").inputs.cleanupPolicies).to.deep.include({
            id: "keep-released",
            action: "KEEP",
            condition: { tagState: "ANY", versionNamePrefixes: ["sha256:abc"] },
        });
    });

    it("puts a virtual repository in front of the images and a proxy of Docker Hub, the images first", async () => {
        const [component, recording] = await made({ dockerHubProxy: true });
        expect(recording.names(REPOSITORY)).to.deep.equal(["registry", "registry-cache", "registry-docker-hub", "registry-virtual"]);
        expect(recording.one(REPOSITORY, "registry-virtual").inputs).to.deep.include({
            mode: "VIRTUAL_REPOSITORY",
            virtualRepositoryConfig: {
                upstreamPolicies: [
                    { id: "images", repository: "registry-id", priority: 20 },
                    { id: "docker-hub", repository: "registry-docker-hub-id", priority: 10 },
                ],
            },
        });
        expect(await valueOf(component.baseImagesUri ?? "")).to.equal("registry.example/ml-images-virtual");
    });

    it("lets readers read and writers write, and nobody else in", async () => {
        const [, none] = await made();
        expect(none.names(MEMBER)).to.deep.equal([]);
        const [, recording] = await made({ readers: ["group:readers@example.com"], writers: ["group:writers@example.com"] });
        const granted = recording.names(MEMBER).map((name) => recording.one(MEMBER, name).inputs);
        expect(granted.map(({ role, member }) => [role, member])).to.deep.equal([
            ["roles/artifactregistry.reader", "group:readers@example.com"],
            ["roles/artifactregistry.writer", "group:writers@example.com"],
        ]);
    });

    it("protects the images, and neither the cache nor a grant", async () => {
        const [, recording] = await made({ readers: ["group:readers@example.com"] }, true);
        const unprotected = recording.resources.filter(({ options }) => options.protect === false).map(({ name }) => name);
        expect(unprotected).to.have.members(["registry-cache", "registry-reader-group:readers@example.com"]);
    });

    it("is the parent of everything it makes", async () => {
        const [component, { resources }] = await made({ dockerHubProxy: true, readers: ["group:readers@example.com"] });
        expect(resources.slice(1).every(({ options }) => options.parent === component)).to.equal(true);
    });
});

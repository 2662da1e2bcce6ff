import { expect } from "chai";
import { ArtifactRegistry, type ArtifactRegistryArgs } from "../../../components/registry/artifact-registry";
import { record, valueOf, waitsFor, type Recording } from "../recorded";
import { registry } from "../settings";

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
    it("creates the image repository and the cache repository, each with its own clean-up", async () => {
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

    it("derives its addresses from the resources", async () => {
        const [component] = await made();
        expect(await valueOf(component.registryUri)).to.equal("registry.example/ml-images");
        expect(await valueOf(component.cacheUri)).to.equal("registry.example/ml-images-cache");
        expect(component.baseImagesUri).to.equal(undefined);
    });

    it("applies the configured settings", async () => {
        const kmsKey = "projects/p/locations/l/keyRings/r/cryptoKeys/k";
        const [, recording] = await made({ kmsKey, immutableTags: true, scanning: false, cleanupDryRun: true });
        expect(recording.one(REPOSITORY, "registry").inputs).to.deep.include({
            kmsKeyName: kmsKey,
            dockerConfig: { immutableTags: true },
            vulnerabilityScanningConfig: { enablementConfig: "DISABLED" },
            cleanupPolicyDryRun: true,
        });
    });

    it("keeps the images of every stack's release that it stores", async () => {
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

    it("lets readers read and writers write, and grants nothing else", async () => {
        const [, none] = await made();
        expect(none.names(MEMBER)).to.deep.equal([]);
        const [, recording] = await made({ readers: ["group:readers@example.com"], writers: ["group:writers@example.com"] });
        const granted = recording.names(MEMBER).map((name) => recording.one(MEMBER, name).inputs);
        expect(granted.map(({ role, member, repository }) => [role, member, repository])).to.deep.equal([
            ["roles/artifactregistry.writer", "group:writers@example.com", "registry-cache-id"],
            ["roles/artifactregistry.reader", "group:readers@example.com", "registry-id"],
            ["roles/artifactregistry.writer", "group:writers@example.com", "registry-id"],
        ]);
    });

    it("lets each reader and writer pull base images, with one grant each", async () => {
        const [, recording] = await made({
            dockerHubProxy: true,
            readers: ["user:both@example.com"],
            writers: ["user:both@example.com", "user:writer@example.com"],
        });
        const readers = recording.names(MEMBER).filter((name) => /^registry-(docker-hub|virtual)-/.test(name));
        expect(readers).to.deep.equal([
            "registry-docker-hub-reader-user:both@example.com",
            "registry-docker-hub-reader-user:writer@example.com",
            "registry-virtual-reader-user:both@example.com",
            "registry-virtual-reader-user:writer@example.com",
        ]);
        expect(readers.map((name) => recording.one(MEMBER, name).inputs.repository)).to.deep.equal([
            "registry-docker-hub-id",
            "registry-docker-hub-id",
            "registry-virtual-id",
            "registry-virtual-id",
        ]);
    });

    it("lets every service account and service agent of another project pull the images, and nothing else", async () => {
        let component: ArtifactRegistry | undefined;
        const args = { ...registry, project: "my-project", releasedImages: [], dockerHubProxy: true };
        const recording = await record(
            (options) => {
                component = new ArtifactRegistry("registry", { ...args, consumers: ["210987654321", "my-prod"] }, options);
            },
            { call: ({ projectId }) => ({ number: projectId === "my-prod" ? "123456789012" : "0" }) },
        );
        expect(component).not.to.equal(undefined);
        const inputs = recording.names(MEMBER).map((name) => recording.one(MEMBER, name).inputs);
        expect(inputs.map(({ member, repository, role }) => [member, repository, role])).to.have.deep.members(
            ["210987654321", "123456789012"].flatMap((number) =>
                ["ServiceAccount", "ServiceAgent"].map((kind) => [
                    `principalSet://cloudresourcemanager.googleapis.com/projects/${number}/type/${kind}`,
                    "registry-id",
                    "roles/artifactregistry.reader",
                ]),
            ),
        );
    });

    it("lets Artifact Registry use the key before it creates a repository", async () => {
        const kmsKey = "projects/p/locations/us-central1/keyRings/r/cryptoKeys/k";
        const [, recording] = await made({ kmsKey, dockerHubProxy: true });
        expect(recording.one("gcp:projects/serviceIdentity:ServiceIdentity", "registry-agent").inputs).to.deep.equal({
            project: "my-project",
            service: "artifactregistry.googleapis.com",
        });
        expect(recording.one("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "registry-agent-key").inputs).to.deep.equal({
            cryptoKeyId: kmsKey,
            role: "roles/cloudkms.cryptoKeyEncrypterDecrypter",
            member: "serviceAccount:registry-agent@example",
        });
        for (const name of recording.names(REPOSITORY)) {
            expect(waitsFor(recording.one(REPOSITORY, name)), name).to.deep.equal(["registry-agent-key"]);
        }
        const [, without] = await made();
        expect(without.names("gcp:projects/serviceIdentity:ServiceIdentity")).to.deep.equal([]);
    });

    it("keeps the tags of the cache mutable if those of the images are immutable", async () => {
        const [component, recording] = await made({ immutableTags: true });
        expect(component.immutableTags).to.equal(true);
        expect(recording.one(REPOSITORY, "registry-cache").inputs.dockerConfig).to.deep.equal({ immutableTags: false });
    });

    it("protects the images, and neither the cache nor a grant", async () => {
        const [, recording] = await made({ readers: ["group:readers@example.com"] }, true);
        const unprotected = recording.resources.filter(({ options }) => options.protect === false).map(({ name }) => name);
        expect(unprotected).to.have.members(["registry-cache", "registry-reader-group:readers@example.com"]);
    });

    it("is the parent of all its resources", async () => {
        const [component, { resources }] = await made({ dockerHubProxy: true, readers: ["group:readers@example.com"] });
        expect(resources.slice(1).every(({ options }) => options.parent === component)).to.equal(true);
    });
});

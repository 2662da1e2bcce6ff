import { expect } from "chai";
import { ArtifactRegistry } from "../../../../components/registry/artifact-registry";
import { BuildTrigger, type BuildTriggerArgs } from "../../../../components/images/trigger/build-trigger";
import type { RegistryConfig } from "../../../../components/registry/config";
import { record, waitsFor, type RecordOptions } from "../../recorded";
import { build, images, imagesWith, registry } from "../../settings";

const TRIGGER = "gcp:cloudbuild/trigger:Trigger";

const made = (edits: Partial<BuildTriggerArgs> = {}, settings: Partial<RegistryConfig> = {}, recorded: RecordOptions = {}) =>
    record((options) => {
        const repositories = new ArtifactRegistry("registry", { ...registry, ...settings, project: "my-project", releasedImages: [] });
        new BuildTrigger(
            "build",
            { ...build, images, environment: "dev", registry: repositories, project: "my-project", region: "us-central1", ...edits },
            options,
        );
    }, recorded);

describe("BuildTrigger", () => {
    it("builds after a push that changes an image", async () => {
        const { inputs } = (await made()).one(TRIGGER, "build");
        expect(inputs).to.deep.include({
            location: "us-central1",
            github: { owner: "team", name: "platform", push: { branch: "^(main|develop)$" } },
            includedFiles: ["docker/**"],
            approvalConfig: { approvalRequired: false },
        });
        expect(inputs.build).to.have.nested.property("steps[1].waitFors").that.deep.equals(["builder"]);
        expect(inputs.build).to.have.nested.property("images[0]", "registry.example/ml-images/inference:$SHORT_SHA");
    });

    it("builds as a separate account, which may write images, caches and logs", async () => {
        const recording = await made();
        expect(recording.one(TRIGGER, "build").inputs.serviceAccount).to.equal("build-account-id");
        expect(waitsFor(recording.one(TRIGGER, "build"))).to.deep.equal([
            "build-cache-writer",
            "build-images-writer",
            "build-logs",
            "build-source",
        ]);
        const roles = recording.resources.flatMap(({ inputs }) => (inputs.role === undefined ? [] : [inputs.role]));
        expect(roles.sort()).to.deep.equal([
            "roles/artifactregistry.writer",
            "roles/artifactregistry.writer",
            "roles/logging.logWriter",
            "roles/storage.objectViewer",
        ]);
    });

    it("reads the source that npm run cloud-build uploads, and no other bucket", async () => {
        const { inputs } = (await made()).one("gcp:projects/iAMMember:IAMMember", "build-source");
        expect(inputs.condition).to.deep.equal({
            title: "cloud-build-source",
            expression: 'resource.name.startsWith("projects/_/buckets/my-project_cloudbuild/objects/")',
        });
    });

    it("pulls base images through the proxy, with permission to read it", async () => {
        const recording = await made({}, { dockerHubProxy: true });
        const grants = recording.names("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember");
        expect(grants).to.deep.equal(["build-cache-writer", "build-docker-hub-reader", "build-images-writer", "build-virtual-reader"]);
        expect(recording.one(TRIGGER, "build").inputs.build)
            .to.have.nested.property("steps[1].args")
            .that.includes("--build-arg=DOCKER_HUB=registry.example/ml-images-virtual");
        expect((await made()).one(TRIGGER, "build").inputs.build)
            .to.have.nested.property("steps[1].args")
            .that.satisfies((args: string[]) => args.every((arg) => !arg.includes("DOCKER_HUB")));
    });

    it("moves no tag of a repository with immutable tags", async () => {
        const { inputs } = (await made({}, { immutableTags: true })).one(TRIGGER, "build");
        expect(inputs.build)
            .to.have.property("images")
            .that.deep.equals(["inference", "training"].map((image) => `registry.example/ml-images/${image}:$SHORT_SHA-$BUILD_ID`));
    });

    it("leaves the channel to a stack that builds its images itself, and moves it for all others", async () => {
        const tagsOf = async (from: "build" | "cloud-build" | "release") => {
            const { inputs } = (await made({ images: imagesWith({ from }) }, {}, { preview: true, unknownIds: true })).one(
                TRIGGER,
                "build",
            );
            const [first = ""] = (inputs.build as { images: string[] }).images.filter((image) => image.includes("/inference:"));
            return (inputs.build as { images: string[] }).images.filter((image) => image.startsWith(first.replace(/:.*/, ":"))).length;
        };
        expect([await tagsOf("build"), await tagsOf("cloud-build"), await tagsOf("release")]).to.deep.equal([1, 2, 2]);
    });

    it("tags the builds that the stack deploys with a hash of their definition", async () => {
        const tagsOf = async (settings: object) => {
            const images = imagesWith(settings);
            const { inputs } = (await made({ images }, {}, { preview: true, unknownIds: true })).one(TRIGGER, "build");
            return (inputs.build as { tags?: string[] }).tags;
        };
        expect(await tagsOf({ from: "build" })).to.equal(undefined);
        const first = await tagsOf({ from: "cloud-build" });
        expect(first?.[0]).to.match(/^images-[0-9a-f]{12}$/);
        expect(await tagsOf({ from: "cloud-build" })).to.deep.equal(first);
        expect(await tagsOf({ from: "cloud-build", pythonVersion: "3.12" })).not.to.deep.equal(first);
    });

    it("has a trigger for tags only if tags are configured", async () => {
        expect((await made()).names(TRIGGER)).to.deep.equal(["build"]);
        const recording = await made({ tags: "^v.*$" });
        expect(recording.names(TRIGGER)).to.deep.equal(["build", "build-tags"]);
        expect(recording.one(TRIGGER, "build-tags").inputs.github).to.deep.include({ push: { tag: "^v.*$" } });
    });

    it("accepts a second-generation repository", async () => {
        const recording = await made({
            github: undefined,
            connection: { name: "github", remoteUri: "https://github.com/team/platform.git" },
        });
        expect(recording.one("gcp:cloudbuildv2/repository:Repository", "build-repository").inputs).to.include({
            parentConnection: "github",
        });
        expect(recording.one(TRIGGER, "build").inputs.repositoryEventConfig).to.deep.equal({
            repository: "build-repository-id",
            push: { branch: "^(main|develop)$" },
        });
    });

    it("creates the configured connection, after Cloud Build may read the token", async () => {
        const tokenSecretVersion = "projects/secrets-project/secrets/github-token/versions/2";
        const recording = await made(
            {
                github: undefined,
                connection: {
                    name: "github",
                    remoteUri: "https://github.com/team/platform.git",
                    github: { appInstallationId: 12345678, tokenSecretVersion },
                },
            },
            {},
            { call: () => ({ number: "42" }) },
        );
        const created = recording.one("gcp:cloudbuildv2/connection:Connection", "build-connection");
        expect(created.inputs).to.deep.include({
            name: "github",
            location: "us-central1",
            githubConfig: { appInstallationId: 12345678, authorizerCredential: { oauthTokenSecretVersion: tokenSecretVersion } },
        });
        expect(waitsFor(created)).to.deep.equal(["build-token-reader"]);
        expect(recording.one("gcp:secretmanager/secretIamMember:SecretIamMember", "build-token-reader").inputs).to.deep.equal({
            project: "secrets-project",
            secretId: "github-token",
            role: "roles/secretmanager.secretAccessor",
            member: "serviceAccount:service-42@gcp-sa-cloudbuild.iam.gserviceaccount.com",
        });
        expect(recording.one("gcp:cloudbuildv2/repository:Repository", "build-repository").inputs).to.include({
            parentConnection: "github",
            location: "us-central1",
        });
    });

    it("waits for approval if required", async () => {
        expect((await made({ approval: true })).one(TRIGGER, "build").inputs.approvalConfig).to.deep.equal({ approvalRequired: true });
    });

    it("builds in the program's folder, and only for changes of its files, if the repository has other folders", async () => {
        const { inputs } = (await made({ directory: "infra/ml/" })).one(TRIGGER, "build");
        expect(inputs.includedFiles).to.deep.equal(["infra/ml/docker/**"]);
        const steps = (directory: string | undefined) =>
            made({ directory }).then((recording) => (recording.one(TRIGGER, "build").inputs.build as { steps: { dir?: string }[] }).steps);
        expect((await steps("infra/ml/")).map(({ dir }) => dir)).to.deep.equal(["infra/ml", "infra/ml", "infra/ml"]);
        expect((await steps(undefined)).map(({ dir }) => dir)).to.deep.equal([undefined, undefined, undefined]);
    });
});

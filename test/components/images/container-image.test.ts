import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { isAttestedTag } from "../../../components/images/attestations";
import { ContainerImage, type ContainerImageArgs } from "../../../components/images/container-image";
import { buildContexts } from "../../../components/images/context/context-files";
import { imageTags, sourceRevision } from "../../../components/images/source/source-revision";
import { knownValue, unknownOutput } from "../../../components/config/pulumi-sdk";
import { record, valueOf, type RecordOptions } from "../recorded";
import { images, imagesWith, namedImage, recipeOf } from "../settings";

const IMAGE = "docker-build:index:Image";
type Registry = ContainerImageArgs["registry"];
const registry: Registry = { registryUri: "registry.example/ml-images", cacheUri: "registry.example/ml-images-cache" };
const release = { inference: "registry.example/ml-images/inference@sha256:abc" };

async function made(edits: object = {}, options: RecordOptions = {}, repository: Partial<Registry> = {}) {
    let component: ContainerImage | undefined;
    const edited = imagesWith(edits);
    const recording = await record((opts) => {
        component = new ContainerImage(
            "inference",
            { image: namedImage("inference", edited), images: edited, environment: "dev", registry: { ...registry, ...repository } },
            opts,
        );
    }, options);
    return { recording, component: component as ContainerImage };
}

describe("ContainerImage", () => {
    it("builds and pushes, but never at a preview", async () => {
        const { inputs } = (await made()).recording.one(IMAGE, "inference");
        expect(inputs).to.deep.include({
            push: false,
            exports: [{ registry: { ociMediaTypes: true } }],
            buildOnPreview: false,
            context: { location: ".contexts/docker/inference", named: { common: { location: ".contexts/docker/common" } } },
            dockerfile: { location: "docker/inference/Dockerfile" },
            target: "cpu",
            platforms: ["linux/amd64"],
        });
    });

    it("tags the image with the channel, and with the commit if everything is committed", async () => {
        const { own, named } = buildContexts(recipeOf("inference"));
        const { commit, differing } = sourceRevision(own, ...Object.values(named));
        const { inputs } = (await made({ channel: "dev" })).recording.one(IMAGE, "inference");
        const tags = imageTags("dev", differing.length === 0 ? commit : undefined);
        expect(inputs.tags).to.deep.equal(tags.map((tag) => `registry.example/ml-images/inference:${tag}`));
    });

    it("has the same digest for the same files: its labels and times do not depend on the commit", async () => {
        const { inputs } = (await made()).recording.one(IMAGE, "inference");
        expect(inputs.labels).to.deep.equal({ "org.opencontainers.image.title": "inference" });
        expect(inputs.buildArgs).to.include({ SOURCE_DATE_EPOCH: "315532800" });
    });

    it("builds without a commit tag if git cannot determine the commit, and warns with the reason", async () => {
        const { PATH } = process.env;
        process.env.PATH = "/nowhere";
        try {
            const { recording } = await made({ channel: "dev" });
            expect(recording.one(IMAGE, "inference").inputs.tags).to.deep.equal(["registry.example/ml-images/inference:dev"]);
            expect(recording.messages).to.deep.equal([
                "warning: [runtime] The image gets no commit tag: git cannot determine the commit of docker/inference: git is not on PATH.",
            ]);
        } finally {
            process.env.PATH = PATH;
        }
    });

    it("names a CA bundle that cannot be read, before any resource is registered", async () => {
        const error = await made({ caBundle: "certificates/none.pem" }).catch((reason: unknown) => reason);
        expect(error)
            .to.have.property("message")
            .that.matches(/^ml-platform:images\.caBundle: certificates\/none\.pem cannot be read: ENOENT/);
    });

    it("pushes one tag, with the hash of its inputs, if tags are immutable", async () => {
        const tagOf = async (edits: object) => {
            const { inputs } = (await made(edits, {}, { immutableTags: true })).recording.one(IMAGE, "inference");
            return inputs.tags as string[];
        };
        const [tag, ...more] = await tagOf({ channel: "dev" });
        expect(tag).to.match(/^registry\.example\/ml-images\/inference:dev-([0-9a-f]{7}-)?[0-9a-f]{12}$/);
        expect(more).to.deep.equal([]);
        expect(await tagOf({ channel: "dev" })).to.deep.equal([tag]);
        expect(await tagOf({ channel: "dev", pythonVersion: "3.12" })).not.to.deep.equal([tag]);
    });

    it("requests no attestations for the image that pods run, because they change the digest of the same files", async () => {
        const { buildArgs } = (await made({})).recording.one(IMAGE, "inference").inputs;
        expect(Object.keys(buildArgs as object).filter((name) => name.startsWith("BUILDKIT_"))).to.deep.equal([]);
    });

    describe("with attestations", () => {
        const attested = async (...of: Parameters<typeof made>) => {
            const { inputs, options } = (await made(...of)).recording.one(IMAGE, "inference--attested");
            return { inputs, options };
        };
        const SCANNER = /^generator=docker\/buildkit-syft-scanner:[\d.]+@sha256:[0-9a-f]{64}$/;

        it("is built once more from the same inputs, and leaves the cache to the first build", async () => {
            const { recording } = await made({});
            const { buildArgs, tags, cacheTo, ...first } = recording.one(IMAGE, "inference").inputs;
            const { buildArgs: more, tags: own, ...second } = recording.one(IMAGE, "inference--attested").inputs;
            expect(second).to.deep.equal(first);
            expect(more).to.deep.include(buildArgs);
            expect(own).not.to.include.members(tags as string[]);
            expect(cacheTo).to.have.length(1);
        });

        it("has provenance, and an SBOM unless images.sbom is false", async () => {
            const { buildArgs } = (await attested({})).inputs as { buildArgs: Record<string, string> };
            expect(buildArgs.BUILDKIT_ATTEST_PROVENANCE).to.equal("mode=max");
            expect(buildArgs.BUILDKIT_ATTEST_SBOM).to.match(SCANNER);
            const { inputs } = await attested({ sbom: false });
            expect(inputs.buildArgs)
                .to.include({ BUILDKIT_ATTEST_PROVENANCE: "mode=max" })
                .and.not.to.have.property("BUILDKIT_ATTEST_SBOM");
        });

        it("pulls the scanner through the proxy of Docker Hub", async () => {
            const { inputs } = await attested({}, {}, { baseImagesUri: "registry.example/ml-images-virtual" });
            expect(inputs.buildArgs)
                .to.have.property("BUILDKIT_ATTEST_SBOM")
                .that.matches(/^generator=registry\.example\/ml-images-virtual\/docker\/buildkit-syft-scanner:/);
        });

        it("is tagged with the digest of the image if everything is committed, else only with the channel, so that the clean-up deletes it", async () => {
            const { PATH } = process.env;
            const channel = "registry.example/ml-images/inference:dev.attested";
            const { own, named } = buildContexts(recipeOf("inference"));
            const { differing } = sourceRevision(own, ...Object.values(named));
            const ofDigest = `registry.example/ml-images/inference:sha256-${"d".repeat(64)}.attested`;
            expect((await attested({ channel: "dev" })).inputs.tags).to.deep.equal([
                channel,
                ...(differing.length === 0 ? [ofDigest] : []),
            ]);
            process.env.PATH = "/nowhere";
            try {
                expect((await attested({ channel: "dev" })).inputs.tags).to.deep.equal([channel]);
            } finally {
                process.env.PATH = PATH;
            }
        });

        it("remains in the registry when the stack no longer builds it", async () => {
            expect((await attested({})).options.retainOnDelete).to.equal(true);
        });

        it("has one tag, with the digest of the image and the hash of its inputs, if tags are immutable", async () => {
            const tagsOf = async (edits: object) => (await attested(edits, {}, { immutableTags: true })).inputs.tags as string[];
            const [tag = "", ...more] = await tagsOf({ channel: "dev" });
            const digest = `sha256:${"d".repeat(64)}`;
            expect(tag).to.match(/^registry\.example\/ml-images\/inference:sha256-d{64}\.[0-9a-f]{12}\.attested$/);
            expect(isAttestedTag(tag.split(":")[1] ?? "", digest)).to.equal(true);
            expect(more).to.deep.equal([]);
            // The digest of the recorded build is always the same, as if different inputs gave the same image.
            expect(await tagsOf({ channel: "dev", pythonVersion: "3.12" })).not.to.deep.equal([tag]);
        });
    });

    it("pulls its base image through the proxy of the stack, if any", async () => {
        const baseImagesUri = "registry.example/ml-images-virtual";
        const proxied = (await made({}, {}, { baseImagesUri })).recording.one(IMAGE, "inference").inputs;
        expect(proxied.buildArgs).to.include({
            DOCKER_HUB: baseImagesUri,
            PYTHON_VERSION: "3.11",
        });
        expect((await made()).recording.one(IMAGE, "inference").inputs.buildArgs).not.to.have.property("DOCKER_HUB");
    });

    it("reads its cache from the cache repository and writes it there, as a manifest that Artifact Registry accepts", async () => {
        const ref = "registry.example/ml-images-cache/inference:latest";
        const { inputs } = (await made()).recording.one(IMAGE, "inference");
        expect(inputs.cacheFrom).to.deep.equal([{ registry: { ref } }]);
        expect(inputs.cacheTo).to.deep.equal([
            { registry: { ref, mode: "max", imageManifest: true, ociMediaTypes: true, ignoreError: true } },
        ]);
    });

    it("is referenced by name and digest, without a tag", async () => {
        const { component } = await made();
        expect(await valueOf(component.ref)).to.equal(`registry.example/ml-images/inference@sha256:${"d".repeat(64)}`);
    });

    it("is the image that Cloud Build pushed, if the digest is given", async () => {
        const digest = `sha256:${"c".repeat(64)}`;
        const given = async (digests: pulumi.Output<Record<string, string>>, preview: boolean) => {
            let component: ContainerImage | undefined;
            const edited = imagesWith({ from: "cloud-build" });
            const image = namedImage("inference", edited);
            const recording = await record(
                (opts) => {
                    const args = { image, images: edited, environment: "dev", registry, digests };
                    component = new ContainerImage("inference", args, opts);
                },
                { preview },
            );
            expect(recording.names(IMAGE)).to.deep.equal([]);
            return knownValue((component as ContainerImage).ref);
        };
        expect(await given(pulumi.output<Record<string, string>>({ inference: digest }), false)).to.equal(
            `registry.example/ml-images/inference@${digest}`,
        );
        expect(await given(unknownOutput(), true)).to.equal(undefined);
    });

    it("is unknown during preview of a build, although the provider returns an empty digest", async () => {
        const unbuilt = { answer: ({ type }: { type: string }) => (type === IMAGE ? { digest: "" } : {}), preview: true };
        const { component } = await made({}, unbuilt);
        expect(await knownValue(component.ref)).to.equal(undefined);
        expect(await knownValue((await made({}, { preview: true })).component.ref)).to.include("@sha256:");
    });

    it("keeps a hash of each file that the build reads, so that a preview names the changed files", async () => {
        const [component] = (await made()).recording.resources;
        const { sources } = component?.inputs as { sources: Record<string, string> };
        for (const file of ["docker/inference/handler.py", "docker/common/digits/image.py"]) {
            expect(sources[file], file).to.match(/^[0-9a-f]{12}$/);
        }
        expect((await made({ from: "release", release })).recording.resources[0]?.inputs).not.to.have.property("sources");
    });

    it("computes on the device of its variant", async () => {
        expect((await made()).component.device).to.equal("cpu");
        expect((await made({ variant: "gpu" })).component.device).to.equal("cuda");
    });

    it("passes no secret to the build", async () => {
        expect((await made()).recording.one(IMAGE, "inference").inputs).not.to.have.property("secrets");
    });

    it("passes the company's CA bundle to the build as a secret, not as an argument", async () => {
        const folder = mkdtempSync(path.join(tmpdir(), "ca-"));
        const caBundle = path.join(folder, "ca.pem");
        writeFileSync(caBundle, "certificates");
        const { resources } = (await made({ caBundle })).recording;
        const { secrets, buildArgs } = resources.find(({ type }) => type === IMAGE)?.inputs ?? {};
        rmSync(folder, { recursive: true });
        // Pulumi also treats it as a secret, so it is encrypted in the state.
        expect(secrets).to.deep.include({ value: { "ca-bundle": "certificates" } });
        expect(Object.keys(secrets as object)).to.have.length(2);
        expect(JSON.stringify(buildArgs)).not.to.include("certificates");
    });

    it("looks up the image of a release instead of building it", async () => {
        const asked: unknown[] = [];
        const call = (inputs: Record<string, unknown>) => ({ asked: asked.push(inputs.name), sha256Digest: "sha256:abc" });
        const { recording, component } = await made({ from: "release", release }, { call, preview: true });
        expect(recording.names(IMAGE)).to.deep.equal([]);
        expect(await valueOf(component.ref)).to.equal(release.inference);
        expect(asked).to.deep.equal([release.inference]);
    });

    it("looks up an image in any Artifact Registry with the credentials of the Google Cloud provider", async () => {
        const reference = `us-central1-docker.pkg.dev/my-dev/ml-images/inference@sha256:${"a".repeat(64)}`;
        for (const image of [reference, `127.0.0.1:5000/${reference}`]) {
            const asked: unknown[] = [];
            const call = (inputs: Record<string, unknown>) => ({ asked: asked.push(inputs) });
            const { component } = await made({ from: "release", release: { inference: image } }, { call, preview: true });
            expect(await valueOf(component.ref)).to.equal(image);
            expect(asked).to.deep.equal([
                {
                    ...{ location: "us-central1", project: "my-dev", repositoryId: "ml-images" },
                    imageName: `inference@sha256:${"a".repeat(64)}`,
                },
            ]);
        }
    });

    it("refuses an image without a build context and a reference", () => {
        const image = { ...namedImage("inference"), build: undefined };
        expect(() => new ContainerImage("inference", { image, images, environment: "dev", registry })).to.throw(
            "image inference has neither a build context nor a reference",
        );
    });

    describe("of Docker Hub", () => {
        const baseImagesUri = "registry.example/ml-images-virtual";
        const own = `vllm/vllm-openai@sha256:${"a".repeat(64)}`;
        const taken = async (given: object, repository: Partial<Registry> = {}) => {
            const asked: unknown[] = [];
            let component: ContainerImage | undefined;
            const edited = imagesWith(given);
            const recording = await record(
                (opts) => {
                    const image = namedImage("vllm", edited);
                    const args = { image, images: edited, environment: "dev", registry: { ...registry, ...repository } };
                    component = new ContainerImage("vllm", args, opts);
                },
                { call: (inputs) => ({ asked: asked.push(inputs.name) }) },
            );
            const { ref, origin } = component as ContainerImage;
            return { recording, asked, pulled: await valueOf(ref), recorded: await valueOf(origin) };
        };

        it("is pulled through the proxy of the stack, and looked up and recorded under its own name", async () => {
            const { pulled, recorded, asked } = await taken({ vllm: { use: own } }, { baseImagesUri });
            expect({ pulled, recorded, asked }).to.deep.equal({ pulled: `${baseImagesUri}/${own}`, recorded: own, asked: [own] });
        });

        it("is pulled under its own name without a proxy", async () => {
            const { pulled, recorded } = await taken({ vllm: { use: own } });
            expect({ pulled, recorded }).to.deep.equal({ pulled: own, recorded: own });
        });

        it("is pulled through this stack's proxy if a release names it", async () => {
            const { pulled, recorded } = await taken({ from: "release", release: { vllm: own } }, { baseImagesUri });
            expect({ pulled, recorded }).to.deep.equal({ pulled: `${baseImagesUri}/${own}`, recorded: own });
        });

        it("is copied by a build without a cache if it is mirrored, and a release names the copy", async () => {
            const { recording, pulled, recorded, asked } = await taken({ vllm: { use: own, mirror: true } }, { baseImagesUri });
            // The provenance of the copy names the source of the copy.
            expect(recording.names(IMAGE)).to.deep.equal(["vllm", "vllm--attested"]);
            const { inputs } = recording.one(IMAGE, "vllm");
            expect(inputs).to.deep.include({
                dockerfile: { location: "docker/mirror/Dockerfile" },
                buildArgs: {
                    BASE_IMAGE: `${baseImagesUri}/${own}`,
                    BASE_NAME: "docker.io/vllm/vllm-openai",
                    BASE_DIGEST: `sha256:${"a".repeat(64)}`,
                    DOCKER_HUB: baseImagesUri,
                    SOURCE_DATE_EPOCH: "315532800",
                },
            });
            expect(inputs).not.to.have.any.keys("cacheFrom", "cacheTo", "target");
            const copy = `registry.example/ml-images/vllm@sha256:${"d".repeat(64)}`;
            expect({ pulled, recorded, asked }).to.deep.equal({ pulled: copy, recorded: copy, asked: [] });
        });
    });

    it("uses an image that is built elsewhere unchanged, and computes on the device of its variant", async () => {
        const use = `registry.example/vllm@sha256:${"a".repeat(64)}`;
        const vllm = imagesWith({ vllm: { use, variant: "gpu" } });
        let component: ContainerImage | undefined;
        const recording = await record((opts) => {
            const args = { image: namedImage("vllm", vllm), images: vllm, environment: "dev", registry };
            component = new ContainerImage("vllm", args, opts);
        });
        expect(recording.names(IMAGE)).to.deep.equal([]);
        expect(component?.device).to.equal("cuda");
        expect(await valueOf((component as ContainerImage).ref)).to.equal(use);
    });
});

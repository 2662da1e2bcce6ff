import { expect } from "chai";
import { buildDefinition, type BuildSettings } from "../../../../components/images/trigger/build-definition";
import { SBOM_SCANNER } from "../../../../components/images/attestations";
import { imageRecipes } from "../../../../components/images/image-recipe";
import { images, imagesWith } from "../../settings";

const settings: BuildSettings = {
    recipes: imageRecipes(images, "dev"),
    registryUri: "registry.example/ml-images",
    cacheUri: "registry.example/ml-images-cache",
    channel: "latest",
    machineType: "E2_HIGHCPU_8",
    timeoutSeconds: 1800,
};

describe("buildDefinition", () => {
    it("logs to Cloud Logging, and uses the configured machine type and timeout", () => {
        const { options, timeout } = buildDefinition(settings);
        expect(options).to.deep.equal({ machineType: "E2_HIGHCPU_8", logging: "CLOUD_LOGGING_ONLY", requestedVerifyOption: "VERIFIED" });
        expect(timeout).to.equal("1800s");
    });

    it("lists every image by commit and by channel, so that each has provenance", () => {
        expect(buildDefinition(settings).images).to.deep.equal([
            "registry.example/ml-images/inference:$SHORT_SHA",
            "registry.example/ml-images/inference:latest",
            "registry.example/ml-images/training:$SHORT_SHA",
            "registry.example/ml-images/training:latest",
        ]);
    });

    it("references every image that a step runs by digest, because a tag can move", () => {
        const { steps } = buildDefinition(settings);
        expect(new Set(steps.map(({ name }) => name))).to.have.property("size", 1);
        expect(steps[0]?.name).to.match(/^gcr\.io\/cloud-builders\/docker@sha256:[0-9a-f]{64}$/);
        expect(steps[0]?.args.join(" ")).to.match(
            /^buildx create --name ml-platform --driver docker-container --driver-opt image=moby\/buildkit:v\d+\.\d+\.\d+@sha256:[0-9a-f]{64} --bootstrap --use$/,
        );
    });

    it("passes dollar signs of build arguments to the builder unchanged", () => {
        const recipes = imageRecipes({ ...images, buildArguments: { PRICE: "$5", HOME_DIR: "${HOME}/$COMMIT_SHA", TWO: "$$" } }, "dev");
        const { steps } = buildDefinition({ ...settings, recipes });
        expect(steps[1]?.args).to.include.members([
            "--build-arg=PRICE=$$5",
            "--build-arg=HOME_DIR=$${HOME}/$$COMMIT_SHA",
            "--build-arg=TWO=$$$$",
            "--label=org.opencontainers.image.revision=$COMMIT_SHA",
        ]);
    });

    it("builds the images in parallel, with the cache in the registry", () => {
        const [builder, inference, training] = buildDefinition(settings).steps;
        expect(builder?.waitFor).to.deep.equal(["-"]);
        expect([inference?.waitFor, training?.waitFor]).to.deep.equal([["builder"], ["builder"]]);
        expect(inference?.args).to.include.members([
            "--file=docker/inference/Dockerfile",
            "--build-context=common=docker/common",
            "--target=cpu",
            "--build-arg=PYTHON_VERSION=3.11",
            "--cache-from=type=registry,ref=registry.example/ml-images-cache/inference:latest",
            "--cache-to=type=registry,ref=registry.example/ml-images-cache/inference:latest,mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true",
            "--load",
        ]);
        expect(inference?.args.at(-1)).to.equal("docker/inference");
    });

    it("copies an image in a step like the others, but without a cache", () => {
        const use = `nvcr.io/nvidia/tritonserver@sha256:${"a".repeat(64)}`;
        const { steps, images: listed } = buildDefinition({
            ...settings,
            recipes: imageRecipes(imagesWith({ server: { use, mirror: true } }), "dev"),
        });
        expect(listed).to.deep.equal(["registry.example/ml-images/server:$SHORT_SHA", "registry.example/ml-images/server:latest"]);
        expect(steps[1]?.args).to.include.members(["--file=docker/mirror/Dockerfile", `--build-arg=BASE_IMAGE=${use}`, "--load"]);
        expect(steps[1]?.args.filter((arg) => arg.startsWith("--cache-"))).to.deep.equal([]);
    });

    it("gives each build a separate tag if tags are immutable, and still moves the tag of the cache", () => {
        const { steps, images: listed } = buildDefinition({ ...settings, immutableTags: true });
        const tag = "registry.example/ml-images/inference:$SHORT_SHA-$BUILD_ID";
        expect(listed[0]).to.equal(tag);
        expect(steps[1]?.args.filter((arg) => arg.startsWith("--tag="))).to.deep.equal([`--tag=${tag}`]);
        expect(steps[1]?.args).to.include("--cache-from=type=registry,ref=registry.example/ml-images-cache/inference:latest");
    });

    it("pushes an image of several platforms in its step, and does not request verification by Cloud Build", () => {
        const recipes = imageRecipes(imagesWith({ platforms: ["linux/amd64", "linux/arm64"] }), "dev");
        const { steps, images: listed, options } = buildDefinition({ ...settings, recipes });
        expect(listed).to.deep.equal([]);
        expect(options).not.to.have.property("requestedVerifyOption");
        expect(steps[1]?.args).to.include.members([
            "--platform=linux/amd64,linux/arm64",
            "--push",
            "--provenance=mode=max",
            `--sbom=generator=${SBOM_SCANNER}`,
        ]);
        expect(steps[1]?.args).not.to.include("--load");
    });
});

import { expect } from "chai";
import { SBOM_SCANNER } from "../../../components/images/attestations";
import { imageRecipes } from "../../../components/images/image-recipe";
import { images, imagesWith, recipeOf } from "../settings";

describe("imageRecipe", () => {
    it("builds the CPU variant from the image's own folder", () => {
        expect(recipeOf("inference")).to.deep.equal({
            name: "inference",
            context: "docker/inference",
            namedContexts: { common: "docker/common" },
            dockerfile: "docker/inference/Dockerfile",
            target: "cpu",
            platforms: ["linux/amd64"],
            sbomScanner: SBOM_SCANNER,
            buildArgs: { PYTHON_VERSION: "3.11", APP_ENV: "dev", ENABLE_GPU: "false", SOURCE_DATE_EPOCH: "315532800" },
        });
    });

    it("applies the configured settings", () => {
        const recipe = recipeOf(
            "training",
            imagesWith({ variant: "gpu", baseImage: "python:3.12-slim", buildArguments: { A: "1" } }),
            "prod",
        );
        expect(recipe.target).to.equal("training");
        expect(recipe.buildArgs).to.deep.include({
            ENABLE_GPU: "true",
            SOURCE_DATE_EPOCH: "315532800",
            BASE_IMAGE: "python:3.12-slim",
            A: "1",
            APP_ENV: "prod",
        });
    });

    it("installs trackers in the training image only", () => {
        const trackers = (name: "inference" | "training") => recipeOf(name, { ...images, trackers: true }).buildArgs.TRACKERS;
        expect([trackers("training"), trackers("inference")]).to.deep.equal(["all", undefined]);
    });

    it("uses the GPU stage of the service", () => {
        expect(recipeOf("inference", imagesWith({ variant: "gpu" })).target).to.equal("gpu");
    });

    it("copies an image with separate arguments, so that settings of builds from source do not rebuild a copy", () => {
        const digest = `sha256:${"a".repeat(64)}`;
        for (const [use, name] of [
            [`nvcr.io/nvidia/tritonserver:24.05-py3@${digest}`, "nvcr.io/nvidia/tritonserver:24.05-py3"],
            [`redis@${digest}`, "docker.io/library/redis"],
        ] as const) {
            const given = { server: { use, mirror: true }, pythonVersion: "3.12", baseImage: "python:3.12", buildArguments: { A: "1" } };
            expect(recipeOf("server", imagesWith(given))).to.deep.equal({
                name: "server",
                context: "docker/mirror",
                namedContexts: {},
                dockerfile: "docker/mirror/Dockerfile",
                target: undefined,
                platforms: ["linux/amd64"],
                sbomScanner: SBOM_SCANNER,
                buildArgs: { BASE_IMAGE: use, BASE_NAME: name, BASE_DIGEST: digest, SOURCE_DATE_EPOCH: "315532800" },
                isCopy: true,
            });
        }
    });

    const ranking = { context: "docker/ranking" };

    it("builds a team's image from its folder, with the last stage of its Dockerfile", () => {
        expect(recipeOf("ranking", imagesWith({ ranking, buildArguments: { A: "1" } }))).to.deep.equal({
            name: "ranking",
            context: "docker/ranking",
            namedContexts: {},
            dockerfile: "docker/ranking/Dockerfile",
            target: undefined,
            platforms: ["linux/amd64"],
            sbomScanner: SBOM_SCANNER,
            buildArgs: { PYTHON_VERSION: "3.11", APP_ENV: "dev", ENABLE_GPU: "false", SOURCE_DATE_EPOCH: "315532800", A: "1" },
        });
    });

    it("prefers the settings of a team's image to those for all images", () => {
        const given = {
            context: "models",
            dockerfile: "models/ranking.Dockerfile",
            target: "server",
            contexts: { common: "docker/common" },
            buildArguments: { A: "2", B: "3" },
            variant: "gpu",
            platforms: ["linux/arm64"],
        };
        const recipe = recipeOf("ranking", imagesWith({ ranking: given, buildArguments: { A: "1" } }));
        expect(recipe).to.deep.include({
            context: "models",
            dockerfile: "models/ranking.Dockerfile",
            target: "server",
            namedContexts: { common: "docker/common" },
            platforms: ["linux/arm64"],
        });
        expect(recipe.buildArgs).to.include({ A: "2", B: "3", ENABLE_GPU: "true" });
    });

    it("changes one of the project's own images, and builds it from another folder if configured", () => {
        expect(recipeOf("worker", imagesWith({ worker: { variant: "gpu" } }))).to.deep.include({
            target: "worker",
            context: "docker/worker",
        });
        const moved = recipeOf("inference", imagesWith({ inference: { context: "serving" } }));
        expect(moved).to.deep.include({ context: "serving", dockerfile: "serving/Dockerfile", target: undefined, namedContexts: {} });
        expect(recipeOf("training-pixi", imagesWith({ "training-pixi": {} })).dockerfile).to.equal("docker/training/pixi/Dockerfile");
    });

    it("builds no image that is built elsewhere", () => {
        const use = `vllm/vllm-openai@sha256:${"a".repeat(64)}`;
        expect(imageRecipes(imagesWith({ vllm: { use }, ranking }), "dev").map(({ name }) => name)).to.deep.equal(["ranking"]);
    });

    it("builds the images of the stack file while the stack runs a release", () => {
        const release = { variant: "gpu", inference: `images/inference@sha256:${"a".repeat(64)}` };
        const running = imagesWith({ from: "release", release, variant: "cpu", ranking });
        expect(running.named.map(({ name, variant, reference }) => [name, variant, reference])).to.deep.equal([
            ["inference", "gpu", release.inference],
        ]);
        expect(imageRecipes(running, "dev")).to.deep.equal(imageRecipes(imagesWith({ ranking }), "dev"));
        expect(imageRecipes(imagesWith({ from: "release", release }), "dev").map(({ name }) => name)).to.deep.equal([
            "inference",
            "training",
        ]);
    });

    it("has the default images", () => {
        expect(imageRecipes(images, "dev").map(({ name }) => name)).to.deep.equal(["inference", "training"]);
    });
});

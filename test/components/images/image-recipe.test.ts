import { expect } from "chai";
import { imageRecipe, imageRecipes } from "../../../components/images/image-recipe";
import { images } from "../settings";

describe("imageRecipe", () => {
    it("builds the CPU variant from the image's own folder", () => {
        expect(imageRecipe("inference", images, "dev")).to.deep.equal({
            name: "inference",
            context: "docker/inference",
            namedContexts: { common: "docker/common" },
            dockerfile: "docker/inference/Dockerfile",
            target: "cpu",
            platforms: ["linux/amd64"],
            buildArgs: { PYTHON_VERSION: "3.11", APP_ENV: "dev", ENABLE_GPU: "false", SOURCE_DATE_EPOCH: "315532800" },
        });
    });

    it("keeps what was given", () => {
        const recipe = imageRecipe(
            "training",
            { ...images, variant: "gpu", baseImage: "python:3.12-slim", buildArguments: { A: "1" } },
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

    it("puts TensorBoard into the image of a run that wants it, and only there", () => {
        const trackers = (name: "inference" | "training") => imageRecipe(name, { ...images, trackers: true }, "dev").buildArgs.TRACKERS;
        expect([trackers("training"), trackers("inference")]).to.deep.equal(["all", undefined]);
    });

    it("takes the GPU target of the service", () => {
        expect(imageRecipe("inference", { ...images, variant: "gpu" }, "dev").target).to.equal("gpu");
    });

    it("knows every image", () => {
        expect(imageRecipes(images, "dev").map(({ name }) => name)).to.deep.equal(["inference", "training"]);
    });
});

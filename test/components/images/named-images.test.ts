import { expect } from "chai";
import { parseConfig } from "../../../components/config/load";
import { problemsOf } from "../problems-of";
import { imagesWith } from "../settings";

const digest = `sha256:${"a".repeat(64)}`;
const use = `vllm/vllm-openai@${digest}`;
const names = (given: object, users = {}) => imagesWith(given, users).named.map(({ name }) => name);
const used = (...usedImages: string[]) => ({ usedImages });

describe("the images of a stack", () => {
    it("are the two default images if the stack file lists none", () => {
        expect(names({})).to.deep.equal(["inference", "training"]);
        expect(names({}, used("inference"))).to.deep.equal(["inference", "training"]);
    });

    it("include the project's own images that workloads use, even without a list", () => {
        expect(names({}, used("inference", "worker"))).to.deep.equal(["inference", "training", "worker"]);
        expect(names({}, used("unknown"))).to.deep.equal(["inference", "training"]);
    });

    it("are the listed images, and the project's own images that workloads use", () => {
        expect(names({ vllm: { use } })).to.deep.equal(["vllm"]);
        expect(names({ vllm: { use } }, used("vllm", "inference"))).to.deep.equal(["inference", "vllm"]);
        expect(names({ vllm: { use } }, used("training"))).to.deep.equal(["training", "vllm"]);
        expect(names({ training: { variant: "gpu" }, worker: {} })).to.deep.equal(["training", "worker"]);
    });

    it("are built from docker/mirror if they are copies", () => {
        expect(imagesWith({ vllm: { use, mirror: true, variant: "gpu", platforms: ["linux/arm64"] } }).named).to.deep.equal([
            {
                name: "vllm",
                variant: "gpu",
                platforms: ["linux/arm64"],
                build: {
                    ...{ context: "docker/mirror", dockerfile: "docker/mirror/Dockerfile", target: undefined, contexts: {} },
                    ...{ buildArguments: {}, mirrorOf: use },
                },
                reference: undefined,
            },
        ]);
    });

    it("are those of the release if the stack takes one, each with its recorded variant", () => {
        const release = {
            inference: `r/inference@${digest}`,
            worker: `r/worker@${digest}`,
            variant: "gpu",
            platforms: ["linux/amd64"],
            builtFor: { worker: { variant: "cpu", platforms: ["linux/arm64"] } },
            commit: "abc",
        };
        expect(imagesWith({ from: "release", release, ranking: { context: "docker/ranking" } }).named).to.deep.equal([
            { name: "inference", variant: "gpu", platforms: ["linux/amd64"], build: undefined, reference: `r/inference@${digest}` },
            { name: "worker", variant: "cpu", platforms: ["linux/arm64"], build: undefined, reference: `r/worker@${digest}` },
        ]);
    });
});

const withImages = (images: object, more: object = {}) => ({
    "gcp:project": "my-project",
    "ml-platform:registry": { repository: "ml-images" },
    "ml-platform:images": { variant: "cpu", ...images },
    "ml-platform:cluster": { pools: [{ name: "l4", accelerator: "nvidia-l4", maxNodes: 4 }] },
    "ml-platform:inference": { services: [{ name: "predict", pool: "l4", ...more }] },
});
const problems = (images: object, more: object = {}) => problemsOf(withImages(images, more)).map(({ key, problem }) => `${key} ${problem}`);

describe("checks of named images", () => {
    it("accept a team's image, one that is built elsewhere, and one of the project's own", () => {
        const images = { ranking: { context: "docker/worker", contexts: { common: "docker/common" } }, vllm: { use }, worker: {} };
        for (const image of ["ranking", "vllm", "worker", "inference"]) {
            expect(problems(images, { image }), image).to.deep.equal([]);
        }
    });

    it("refuse an image that a service uses and the stack does not have, and name the intended one", () => {
        expect(problemsOf(withImages({ ranking: { context: "docker/worker" } }, { image: "rankin" }))).to.deep.equal([
            {
                key: "ml-platform:inference.services[0].image",
                problem: "is rankin, but images has no image of that name; it has ranking",
                remedy: "pulumi config set --path 'ml-platform:inference.services[0].image' ranking",
            },
        ]);
    });

    it("refuse an image without a source, and folders and Dockerfiles that do not exist", () => {
        expect(
            problems({ ranking: { buildArguments: { A: "1" } }, a: { context: "docker/none" }, b: { context: "docker/common" } }),
        ).to.deep.equal([
            "ml-platform:images.ranking.context is missing: the image has neither a build context nor a reference (use)",
            "ml-platform:images.a.context docker/none does not exist",
            "ml-platform:images.b.dockerfile docker/common/Dockerfile does not exist",
        ]);
    });

    it("refuse paths outside of the program's folder, and references without a digest", () => {
        for (const context of ["/models", "../models", "models/../..", ".", "./models", "a b"]) {
            expect(problems({ ranking: { context } }), context).to.have.length(1);
        }
        expect(problems({ vllm: { use: "vllm/vllm-openai:latest" } })).to.deep.equal([
            'ml-platform:images.vllm.use must be name@sha256:… with 64 hexadecimal digits, not "vllm/vllm-openai:latest"',
        ]);
    });

    it("refuse a name that a registry refuses, or that is a field of a release", () => {
        expect(problems({ Ranking: { use }, commit: { use } })).to.deep.equal([
            "ml-platform:images.Ranking is not a valid image name: use at most 40 lower-case letters and digits, with single dots, dashes or underscores between them",
            "ml-platform:images.commit is not a valid image name: images.release uses commit for another fact",
        ]);
    });

    it("accept a service with a default image, without a list", () => {
        expect(problems({}, { image: "worker" })).to.deep.equal([]);
        expect(problems({}, { image: "wroker" })).to.deep.equal([
            "ml-platform:inference.services[0].image is wroker, but images has no image of that name; it has inference, training",
        ]);
    });

    it("accept a copy, and refuse to copy an image that is built", () => {
        expect(problems({ vllm: { use, mirror: true, variant: "cpu", platforms: ["linux/amd64"] } }, { image: "vllm" })).to.deep.equal([]);
        expect(problems({ worker: { mirror: false } })).to.deep.equal([]);
        expect(problemsOf(withImages({ worker: { mirror: true } }))).to.deep.equal([
            {
                key: "ml-platform:images.worker.mirror",
                problem: "is true, but use names no image to copy: the image is built",
                remedy: "Set ml-platform:images.worker.use to the digest of the image to copy, or remove ml-platform:images.worker.mirror.",
            },
        ]);
        expect(problems({ vllm: { mirror: true } })).to.deep.equal([
            "ml-platform:images.vllm.context is missing: the image has neither a build context nor a reference (use)",
        ]);
    });

    it("refuse an image that is both built and taken from elsewhere, for each setting of a build, and accept either", () => {
        for (const [field, value] of Object.entries({
            context: "docker/worker",
            dockerfile: "docker/worker/Dockerfile",
            target: "worker",
            contexts: { common: "docker/common" },
            buildArguments: { A: "1" },
        })) {
            expect(problems({ worker: { use, [field]: value } }), field).to.deep.equal([
                `ml-platform:images.worker.use is set together with ${field}, but an image is either built or taken from elsewhere`,
            ]);
            expect(problems({ worker: { [field]: value } }), field).to.deep.equal([]);
        }
        expect(problems({ worker: { use, buildArguments: {} } })).to.deep.equal([]);
        expect(problemsOf(withImages({ ranking: { use, mirror: true, context: "docker/worker", target: "worker" } }))).to.deep.equal([
            {
                key: "ml-platform:images.ranking.use",
                problem: "is set together with context, target, but an image is either built or taken from elsewhere",
                remedy: "For an image that is built elsewhere: pulumi config rm --path 'ml-platform:images.ranking.context' && pulumi config rm --path 'ml-platform:images.ranking.target'; or for a build: pulumi config rm --path 'ml-platform:images.ranking.use' && pulumi config rm --path 'ml-platform:images.ranking.mirror'",
            },
        ]);
    });

    it("refuse a secret and a derived argument of one image", () => {
        expect(problems({ worker: { buildArguments: { HF_TOKEN: "hf_abcdefghijklmnop", ENABLE_GPU: "true" } } })).to.deep.equal([
            "ml-platform:images.worker.buildArguments.ENABLE_GPU is decided by images.variant",
            "ml-platform:images.worker.buildArguments.HF_TOKEN looks like a secret, and build arguments stay readable in the image; provide it to the pod at run time",
        ]);
    });

    it("read a misspelled setting as the setting, and not as the name of an image", () => {
        expect(
            problemsOf(withImages({ varient: "cpu", pythonversion: "3.12", unheard: 1 })).map(({ key, problem }) => `${key} ${problem}`),
        ).to.deep.equal([
            "ml-platform:images.varient is not a known key; the nearest is variant",
            "ml-platform:images.pythonversion is not a known key; the nearest is pythonVersion",
            "ml-platform:images.unheard is not a known key; the known keys are from, variant, platforms, channel, pythonVersion, baseImage, caBundle, sbom, buildArguments, release",
        ]);
    });

    it("refuse an image that its pool's nodes cannot run", () => {
        expect(problems({ worker: { platforms: ["linux/arm64"] } }, { image: "worker" })).to.deep.equal([
            "ml-platform:images.worker.platforms does not contain linux/amd64, but the nvidia-l4 nodes of pool l4, where service predict runs, have that architecture",
        ]);
        expect(problems({ worker: { platforms: ["linux/arm64"], variant: "gpu" } })).to.deep.equal([
            "ml-platform:images.worker is built for linux/arm64 as the gpu variant, which exists for linux/amd64 only",
        ]);
    });
});

describe("the files that the trigger watches", () => {
    const watched = (images: object) =>
        parseConfig({ ...withImages(images), "ml-platform:build": { github: { owner: "team", name: "platform" } } }, "dev").build
            ?.includedFiles;

    it("are those under docker/, and the folders of images elsewhere", () => {
        expect(watched({})).to.deep.equal(["docker/**"]);
        expect(
            watched({
                ranking: { context: "k8s", dockerfile: "docker/worker/Dockerfile", contexts: { gke: "gke", common: "docker/common" } },
            }),
        ).to.deep.equal(["docker/**", "k8s/**", "gke/**"]);
    });
});

import type { Rule } from "./rule";
import type { ImageName } from "../config/images";
import type { StackConfig } from "../config/stack";
import { looksSecret } from "./secrets";
import { keyOf, remove, run, set, type Remedy } from "../problem";

const digest = /^[^@\s]+@sha256:[0-9a-f]{64}$/;

const promote = (stack: string): Remedy => run("npm", "run", "promote", "--", "--from", "dev", "--to", stack);

const usedImages = ({ inference, training }: StackConfig): readonly ImageName[] => [
    ...(inference === undefined ? [] : (["inference"] as const)),
    ...(training === undefined ? [] : (["training"] as const)),
];

/** Production never builds. */
export const productionTakesReleases: Rule = ({ environment, images }, report) => {
    if (environment === "prod" && images?.from === "build") {
        const key = keyOf("images", "from");
        report(key, "is build, but a prod environment takes only images that were promoted", set(key, "release"), [keyOf("environment")]);
    }
};

/** Each image that is taken from a release is named by its digest: a tag can move. */
export const releasesByDigest: Rule = (config, report) => {
    const { stack, images } = config;
    if (images?.from !== "release") {
        return;
    }
    const { release } = images;
    if (release === undefined) {
        const key = keyOf("images", "release");
        report(key, "is missing: images come from a release, and none was promoted to this stack", promote(stack));
        return;
    }
    for (const image of usedImages(config)) {
        const reference = release[image];
        const key = keyOf("images", "release", image);
        if (reference === undefined) {
            report(key, "is missing", promote(stack));
        } else if (!digest.test(reference)) {
            report(key, `must be name@sha256:… with 64 hexadecimal digits, not ${reference}`, promote(stack));
        }
    }
};

/** A build argument stays readable in the image's history. */
export const noSecretArguments: Rule = ({ images }, report) => {
    for (const [name, value] of Object.entries(images?.buildArguments ?? {})) {
        if (looksSecret(name, value)) {
            const key = keyOf("images", "buildArguments", name);
            report(key, "looks like a secret, and build arguments stay readable in the image; give it to the pod at run time", remove(key));
        }
    }
};

/** The CUDA packages of the images exist for amd64. */
export const gpuImagesForAmd64: Rule = ({ images }, report) => {
    if (images?.variant === "gpu" && images.platforms.includes("linux/arm64")) {
        const key = keyOf("images", "platforms");
        report(key, "holds linux/arm64, but the gpu variant exists for linux/amd64 only", remove(key));
    }
};

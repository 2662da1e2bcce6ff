import { existsSync } from "node:fs";
import { advise, choose, inOrder, keyOf, oneOf, remove, set } from "../config/problem";
import { meantWord } from "../config/remedies/word-intent";
import type { Rule, RuleInput } from "../config/rule";
import { releaseFacts } from "./config";
import type { ImageSettings } from "./image-settings";
import { shippedSource } from "./shipped-images";

/** Names that Artifact Registry accepts for an image. https://cloud.google.com/artifact-registry/docs/docker/names */
const IMAGE_NAME = /^(?=.{1,40}$)[a-z0-9]+([._-][a-z0-9]+)*$/;

/** An image has a name that the registry accepts and that is not a field of a release. */
export const imageNames: Rule<"images"> = ({ images }, report) => {
    for (const { name } of images?.named ?? []) {
        if (!IMAGE_NAME.test(name)) {
            report(
                keyOf("images", name),
                "is not a valid image name: use at most 40 lower-case letters and digits, with single dots, dashes or underscores between them",
                advise("Rename the image in the stack file."),
            );
        } else if (releaseFacts.includes(name)) {
            report(
                keyOf("images", name),
                `is not a valid image name: images.release uses ${name} for another fact`,
                advise("Rename the image in the stack file."),
            );
        }
    }
};

/** The images of a stack that does not run a release. */
const builtImages = (images: RuleInput["images"]) => (images === undefined || images.from === "release" ? [] : images.named);

/** Each image of a stack that builds has a build context or a reference. */
export const imagesHaveASource: Rule<"images"> = ({ images }, report) => {
    for (const { name, variant, build, reference } of builtImages(images)) {
        // If a folder of the project itself is missing, the builder reports it.
        if (build !== undefined && build.context === shippedSource(name, variant)?.context) {
            continue;
        }
        const key = keyOf("images", name, "context");
        if (build === undefined && reference === undefined) {
            report(
                key,
                "is missing: the image has neither a build context nor a reference (use)",
                advise(`Set ${key} to its folder, or ${keyOf("images", name, "use")} to the digest of an image that is built elsewhere.`),
                [keyOf("images", name, "use")],
            );
        } else if (build !== undefined && !existsSync(build.context)) {
            report(key, `${build.context} does not exist`, advise("Name a folder of this project, relative to the program's folder."));
        } else if (build !== undefined && !existsSync(build.dockerfile)) {
            report(
                keyOf("images", name, "dockerfile"),
                `${build.dockerfile} does not exist`,
                advise("Write it, or name another one, relative to the program's folder."),
            );
        }
    }
};

/** Settings of a build, which an image that is built elsewhere does not have. */
const BUILD_FIELDS = ["context", "dockerfile", "target", "contexts", "buildArguments"] as const;

const buildFields = (image: ImageSettings) =>
    BUILD_FIELDS.filter((field) => (field === "buildArguments" ? Object.keys(image[field]).length > 0 : image[field] !== undefined));

/** An image is either built or taken from elsewhere, and only the latter can be copied. */
export const oneSource: Rule<"images"> = ({ images }, report) => {
    for (const { name, build } of builtImages(images)) {
        const image = images?.listed[name];
        const at = (field: string) => keyOf("images", name, field);
        const fields = image === undefined ? [] : buildFields(image);
        if (image?.use !== undefined && fields.length > 0) {
            const taken = ["use", ...(image.mirror ? ["mirror"] : [])];
            report(
                at("use"),
                `is set together with ${fields.join(", ")}, but an image is either built or taken from elsewhere`,
                oneOf(
                    ["an image that is built elsewhere", inOrder(...fields.map((field) => remove(at(field))))],
                    ["a build", inOrder(...taken.map((field) => remove(at(field))))],
                ),
                fields.map(at),
            );
        } else if (image?.use === undefined && image?.mirror === true && build !== undefined) {
            report(
                at("mirror"),
                "is true, but use names no image to copy: the image is built",
                advise(`Set ${at("use")} to the digest of the image to copy, or remove ${at("mirror")}.`),
                [at("use")],
            );
        }
    }
};

/** The image that a workload names is one of the stack's. Another rule reports an image that is missing in a release. */
export const imagesExist: Rule<"images" | "workloads"> = ({ images, workloads }, report) => {
    if (images === undefined || images.from === "release") {
        return;
    }
    const names = images.named.map(({ name }) => name);
    for (const { at, image } of workloads) {
        if (names.includes(image)) {
            continue;
        }
        const meant = meantWord(image, names);
        const key = at("image");
        report(
            key,
            `is ${image}, but images has no image of that name; it has ${names.join(", ")}`,
            meant === undefined ? choose(key, names) : set(key, meant),
            [keyOf("images")],
        );
    }
};

/** The rules of the images that a stack file lists. */
export const namedImageChecks: readonly Rule<"images" | "workloads">[] = [imageNames, imagesHaveASource, oneSource, imagesExist];

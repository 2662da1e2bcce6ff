import { z } from "zod";
import { imageByDigest, variables, type DeepReadonly } from "../config/fields";

/** The kind of device that an image computes on. */
export const variant = z.enum(["cpu", "gpu"]);
export type Variant = z.output<typeof variant>;

/** The platforms that an image is built for. */
export const platforms = z.array(z.enum(["linux/amd64", "linux/arm64"])).min(1);
export type Platforms = readonly z.output<typeof platforms>[number][];

/** A folder or file inside the program's folder, which both the builder and the trigger can read. */
const path = z
    .string()
    .regex(
        /^(?!\/|\.\.?\/|.*\/\.\.?(\/|$)|\.\.?$)[^\s\\]+$/,
        "must be a path from the program's folder, such as models/ranking, without . and ..",
    );

/** The settings of one image. */
export const imageSchema = z.strictObject({
    context: path.optional().describe("Build context, a folder; required unless the image is one of the project's own or has use"),
    dockerfile: path.optional().describe("Path of the Dockerfile; default: Dockerfile in the context"),
    target: z.string().optional().describe("Target stage of the Dockerfile; default: the last one"),
    contexts: z
        .record(z.string(), path)
        .optional()
        .describe("Named build contexts: folders that the Dockerfile copies from, by the name in from=, such as common: docker/common"),
    buildArguments: variables.default({}).describe("Build arguments of this image, in addition to images.buildArguments"),
    variant: variant.optional().describe("Variant of this image; default: images.variant"),
    platforms: platforms.optional().describe("Platforms of this image; default: images.platforms"),
    use: imageByDigest.optional().describe("Image that is built elsewhere, name@sha256:…, instead of a build"),
    mirror: z.boolean().default(false).describe("With use: copy the image into the stack's registry, so that pods pull the copy"),
});
export type ImageSettings = DeepReadonly<z.output<typeof imageSchema>>;

export const builtForSchema = z.strictObject({ variant, platforms });
/** The variant and platforms of an image. */
export type BuiltFor = DeepReadonly<z.output<typeof builtForSchema>>;

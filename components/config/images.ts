import { z } from "zod";

import { time, variables, type DeepReadonly } from "./fields";

/** The images that workloads use. */
export const imageNames = ["inference", "training"] as const;
export type ImageName = (typeof imageNames)[number];

const releaseSchema = z.strictObject({
    /** Reference of the inference image, `name@sha256:…`. */
    inference: z.string().optional().describe("Reference of the inference image, name@sha256:…"),
    /** Reference of the training image, `name@sha256:…`. */
    training: z.string().optional().describe("Reference of the training image, name@sha256:…"),
    /** Git commit that the images were built from. */
    commit: z.string().optional().describe("Git commit that the images were built from"),
    /** When they were promoted, ISO 8601. */
    time: time.optional().describe("When they were promoted, ISO 8601"),
    /** Who promoted them. */
    by: z.string().optional().describe("Who promoted them"),
});

export const imagesSchema = z.strictObject({
    /** `build`: this stack builds and pushes them. `release`: it takes the digests under `release` and never builds. */
    from: z
        .enum(["build", "release"])
        .default("build")
        .describe("build: this stack builds and pushes them; release: it takes the digests under release and never builds"),
    /** Whether the images carry the CUDA runtime. */
    variant: z.enum(["cpu", "gpu"]).default("cpu").describe("Whether the images carry the CUDA runtime"),
    /** Platforms to build for; the gpu variant exists for linux/amd64 only. */
    platforms: z
        .array(z.enum(["linux/amd64", "linux/arm64"]))
        .min(1)
        .default(["linux/amd64"])
        .describe("Platforms to build for; the gpu variant exists for linux/amd64 only"),
    /** Tag that moves with each build, beside the digest. */
    channel: z
        .string()
        .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,127}$/, "must be a tag of an image")
        .default("latest")
        .describe("Tag that moves with each build, beside the digest"),
    /** Minor version of Python, quoted in YAML. */
    pythonVersion: z
        .string()
        .regex(/^3\.\d{1,2}$/, 'must be a minor version in quotes, such as "3.11"')
        .default("3.11")
        .describe("Minor version of Python, quoted in YAML"),
    /** Base image with its tag, and its digest if it is to be pinned. */
    baseImage: z
        .string()
        .optional()
        .describe("Base image with its tag, and its digest if it is to be pinned; default: what the Dockerfile names"),
    /** Path of a PEM file, from the program's folder, given to the builds as the secret `ca-bundle`. */
    caBundle: z.string().optional().describe("Path of a PEM file, from the program's folder, given to the builds as the secret ca-bundle"),
    /** Further build arguments; they stay readable in the image, so secrets are refused. */
    buildArguments: variables.default({}).describe("Further build arguments; they stay readable in the image, so secrets are refused"),
    /** The promoted images, written by `npm run promote`. */
    release: releaseSchema.optional().describe("The promoted images, written by npm run promote"),
});

/** The images' settings with what the run asks of its image. */
export const resolveImages = (images: z.output<typeof imagesSchema>, training: { readonly tensorboard: boolean } | undefined) => ({
    ...images,
    /** Whether the training image carries TensorBoard's server, and the trackers that come with it. */
    trackers: training?.tensorboard ?? false,
});
export type ImagesConfig = DeepReadonly<ReturnType<typeof resolveImages>>;

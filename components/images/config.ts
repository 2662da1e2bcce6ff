import { z } from "zod";

import { time, variables, type DeepReadonly } from "../config/fields";

/** The images that workloads use. */
export const imageNames = ["inference", "training"] as const;
export type ImageName = (typeof imageNames)[number];

const variant = z.enum(["cpu", "gpu"]);
const platforms = z.array(z.enum(["linux/amd64", "linux/arm64"])).min(1);

const releaseSchema = z.strictObject({
    inference: z.string().optional().describe("Reference of the inference image, name@sha256:…"),
    training: z.string().optional().describe("Reference of the training image, name@sha256:…"),
    variant: variant.optional().describe("Variant that the images were built as"),
    platforms: platforms.optional().describe("Platforms that the images were built for"),
    commit: z.string().optional().describe("Git commit that the images were built from"),
    time: time.optional().describe("When they were promoted, ISO 8601"),
    by: z.string().optional().describe("Who promoted them"),
});

export const imagesSchema = z.strictObject({
    from: z
        .enum(["build", "release"])
        .default("build")
        .describe("build: this stack builds and pushes them; release: it takes the digests under release and never builds"),
    variant: variant
        .optional()
        .describe(
            "gpu: the images carry the CUDA runtime; cpu: they compute on CPUs, on GPU nodes too; default: gpu where the cluster has pools",
        ),
    platforms: platforms.default(["linux/amd64"]).describe("Platforms to build for; the gpu variant exists for linux/amd64 only"),
    channel: z
        .string()
        // A commit and a hash follow the channel in a tag, which holds 128 characters.
        .regex(/^[A-Za-z0-9_][A-Za-z0-9._-]{0,99}$/, "must be a tag of an image, at most 100 characters")
        .default("latest")
        .describe("Tag that moves with each build, in addition to the digest"),
    pythonVersion: z
        .string()
        // The lock files of the images hold for these.
        .regex(/^3\.1[123]$/, 'must be "3.11", "3.12" or "3.13", in quotes')
        .default("3.11")
        .describe("Minor version of Python, quoted in YAML"),
    baseImage: z
        .string()
        .regex(
            /^[a-z0-9]([a-z0-9._/-]|:\d+\/)*(:[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?(@sha256:[0-9a-f]{64})?$/,
            "must be the name of an image, such as python:3.11-slim-bookworm",
        )
        .optional()
        .describe("Base image with its tag, and its digest if it is to be pinned; default: what the Dockerfile names"),
    caBundle: z.string().optional().describe("Path of a PEM file, from the program's folder, given to the builds as the secret ca-bundle"),
    buildArguments: variables.default({}).describe("Further build arguments; they stay readable in the image, so secrets are refused"),
    release: releaseSchema.optional().describe("The promoted images, written by npm run promote"),
});

/** The sections that decide defaults of the images. */
export interface ImageUsers {
    readonly training?: { readonly tensorboard: boolean } | undefined;
    /** Every workload lands on one of its GPU pools. */
    readonly cluster?: { readonly pools: readonly unknown[] } | undefined;
}

/** The images' settings with derived defaults. What was built decides for promoted images. */
export const resolveImages = (images: z.output<typeof imagesSchema>, { training, cluster }: ImageUsers) => {
    const hasGpus = cluster !== undefined && cluster.pools.length > 0;
    const built = images.from === "release" ? images.release : undefined;
    const variant = built?.variant ?? images.variant ?? (hasGpus ? "gpu" : "cpu");
    const platforms = built?.platforms ?? images.platforms;
    return {
        ...images,
        /** The variant that the stack file asks for. */
        requestedVariant: images.variant,
        variant,
        platforms,
        /** What a release records of the images. */
        builtFor: { variant, platforms },
        /** Whether the training image carries TensorBoard's server, and the trackers that come with it. */
        trackers: training?.tensorboard ?? false,
    };
};
export type ImagesConfig = DeepReadonly<ReturnType<typeof resolveImages>>;

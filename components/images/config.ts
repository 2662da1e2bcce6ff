import { z } from "zod";

import { time, variables, type DeepReadonly } from "../config/fields";
import { builtForSchema, imageSchema, platforms, variant, type BuiltFor, type ImageSettings } from "./image-settings";
import { imagesOfRelease, namedImages } from "./named-images";

const releaseSchema = z
    .strictObject({
        variant: variant.optional().describe("Variant that the images were built as"),
        platforms: platforms.optional().describe("Platforms that the images were built for"),
        builtFor: z
            .record(z.string(), builtForSchema)
            .optional()
            .describe("Variant and platforms of images that differ from these, by name"),
        commit: z.string().optional().describe("Git commit that the images were built from"),
        time: time.optional().describe("When they were promoted, ISO 8601"),
        by: z.string().optional().describe("Who promoted them"),
    })
    .catchall(z.string().describe("Reference of the image of this name, name@sha256:…"));

const settingsSchema = z.strictObject({
    from: z
        .enum(["build", "cloud-build", "release"])
        .default("build")
        .describe(
            "build: pulumi up builds and pushes images, for a stack of your own; cloud-build: it waits for the trigger's build of the commit and deploys its digests; release: it uses the digests under release and never builds",
        ),
    variant: variant
        .optional()
        .describe(
            "gpu: the images contain the CUDA runtime; cpu: they compute on CPUs, also on GPU nodes; default: gpu if the cluster has pools",
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
        .describe("Base image with its tag, and with its digest to pin it; default: the base image of the Dockerfile"),
    caBundle: z
        .string()
        .optional()
        .describe("Path of a PEM file, relative to the program's folder, which builds receive as the secret ca-bundle"),
    sbom: z
        .boolean()
        .default(true)
        .describe(
            "Attach a list of the packages to images; a scanner from Docker Hub makes it during the build. Images for one platform that the trigger builds have none",
        ),
    buildArguments: variables.default({}).describe("Further build arguments; they stay readable in the image, so secrets are refused"),
    release: releaseSchema.optional().describe("The promoted images, written by npm run promote"),
});

/** Names in the section that are settings and not images. */
export const imageSettings: readonly string[] = Object.keys(settingsSchema.shape);

/** Names in a release that are facts about it and not images. */
export const releaseFacts: readonly string[] = Object.keys(releaseSchema.shape);

export const imagesSchema = settingsSchema.catchall(
    imageSchema.describe("An image by its name: one of the project's own (inference, training, worker, training-pixi), or the team's"),
);

/** The images that a stack file lists, by name. */
export const listedImages = (given: object): Readonly<Record<string, ImageSettings>> =>
    picked(given, (name) => !imageSettings.includes(name)) as Record<string, ImageSettings>;

/** The promoted images of a stack. */
export type Release = DeepReadonly<ReturnType<typeof separatedRelease>>;

function separatedRelease(given: z.output<typeof releaseSchema>): ReleaseFacts & { images: Record<string, string> } {
    const facts = picked(given, (name) => releaseFacts.includes(name)) as ReleaseFacts;
    return { ...facts, images: picked(given, (name) => !releaseFacts.includes(name)) as Record<string, string> };
}
type ReleaseFacts = { [K in keyof typeof releaseSchema.shape]?: z.output<(typeof releaseSchema.shape)[K]> };

/** The entries with some names. The type that zod derives for a schema with a catchall does not tell known fields from others. */
const picked = (given: object, isWanted: (name: string) => boolean): Record<string, unknown> =>
    Object.fromEntries(Object.entries(given).filter(([name]) => isWanted(name)));

/** The parts of a stack that the defaults of the images depend on. */
export interface ImageUsers {
    /** Names of the images that the sections' workloads use. */
    readonly usedImages?: readonly string[];
    readonly training?: { readonly tensorboard: boolean } | undefined;
    /** Every workload runs in one of its GPU pools. */
    readonly cluster?: { readonly pools: readonly unknown[] } | undefined;
}

/** The images' settings with derived defaults. For promoted images, the release decides. */
export const resolveImages = (given: z.output<typeof imagesSchema>, { usedImages = [], training, cluster }: ImageUsers) => {
    const settings = picked(given, (name) => imageSettings.includes(name)) as z.output<typeof settingsSchema>;
    const hasGpus = cluster !== undefined && cluster.pools.length > 0;
    const release = settings.release && separatedRelease(settings.release);
    const built = settings.from === "release" ? release : undefined;
    const asked: BuiltFor = { variant: settings.variant ?? (hasGpus ? "gpu" : "cpu"), platforms: settings.platforms };
    const builtFor: BuiltFor = { variant: built?.variant ?? asked.variant, platforms: built?.platforms ?? asked.platforms };
    const listed = listedImages(given);
    const fromSource = namedImages(listed, usedImages, asked);
    return {
        ...settings,
        release,
        /** The images in the stack file, by name, as written. */
        listed,
        /** The variant that the stack file asks for. */
        requestedVariant: settings.variant,
        ...builtFor,
        /** Default variant and platforms of images, which a release records. */
        builtFor,
        /** All images of the stack, by name: built, used from another registry, or from its release. */
        named: settings.from === "release" ? imagesOfRelease(release ?? { images: {} }, builtFor) : fromSource,
        /** The images that the stack file lists or its workloads use. The trigger builds them, also while the stack runs a release. */
        fromSource,
        /** Whether the training image carries TensorBoard's server, and the trackers that come with it. */
        trackers: training?.tensorboard ?? false,
    };
};
export type ImagesConfig = DeepReadonly<ReturnType<typeof resolveImages>>;

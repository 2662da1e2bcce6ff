import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as docker from "@pulumi/docker";
import * as dockerBuild from "@pulumi/docker-build";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { DEVICE } from "../../k8s/gpu";
import { artifactRegistryImage } from "./artifact-registry-image";
import type { ImageName, ImagesConfig } from "./config";
import { imageRecipe, type ImageRecipe } from "./image-recipe";
import { releasedImage } from "./released-images";
import { buildContexts, contentHashes, sizeWarning } from "./context/context-files";
import { throughProxy } from "./docker-hub-proxy";
import { GitError } from "./source/git";
import { imageTags, sourceRevision } from "./source/source-revision";
import { stagedContext } from "./context/staged-context";
import { Refusal } from "../config/refusal";

type BuildContexts = ReturnType<typeof buildContexts>;

export interface ContainerImageArgs {
    /** Name of the image, and of its folder under `docker/`. */
    readonly image: ImageName;
    /** Everything that the stack file says about images. */
    readonly images: ImagesConfig;
    /** What the image is for; a build argument. */
    readonly environment: string;
    /** Where the image and its build cache go. */
    readonly registry: {
        readonly registryUri: pulumi.Input<string>;
        readonly cacheUri: pulumi.Input<string>;
        /** True: a tag, once pushed, cannot be moved. @default false */
        readonly immutableTags?: boolean | undefined;
        /** A proxy of Docker Hub for base images. @default none */
        readonly baseImagesUri?: pulumi.Input<string> | undefined;
    };
}

/** One image by digest: built with a cache in the registry, or a released one that is looked up. */
export class ContainerImage extends pulumi.ComponentResource {
    /** `name@sha256:…`. Unknown at preview when the build would run. */
    readonly ref: pulumi.Output<string>;
    /** What it computes on: `cpu` or `cuda`. */
    readonly device: string;

    constructor(name: string, args: ContainerImageArgs, opts?: pulumi.ComponentResourceOptions) {
        const released = releasedImage(args.image, args.images);
        const recipe = imageRecipe(args.image, args.images, args.environment);
        const contexts = released === undefined ? buildContexts(recipe) : undefined;
        // The provider keeps one hash of all contexts. These make a preview name the files for which an image is built again.
        const sources = contexts && contentHashes([contexts.own, ...Object.values(contexts.named)]);
        super("ml-platform:index:ContainerImage", name, { sources }, opts);
        this.device = DEVICE[args.images.variant];
        this.ref = contexts === undefined ? this.lookUp(String(released)) : this.build(name, recipe, args, contexts, sources);
        this.registerOutputs({ ref: this.ref });
    }

    private build(
        name: string,
        recipe: ImageRecipe,
        args: ContainerImageArgs,
        { own, named }: BuildContexts,
        sources: object | undefined,
    ): pulumi.Output<string> {
        const { image, images, registry } = args;
        const commit = this.commitOf({ own, named });
        const content = registry.immutableTags === true ? hashOf({ recipe, sources }) : undefined;
        const repository = pulumi.interpolate`${registry.registryUri}/${image}`;
        const cache = pulumi.interpolate`${registry.cacheUri}/${image}:${images.channel}`;
        const built = new dockerBuild.Image(
            name,
            {
                context: {
                    location: stagedContext(own),
                    named: Object.fromEntries(Object.entries(named).map(([key, context]) => [key, { location: stagedContext(context) }])),
                },
                dockerfile: { location: recipe.dockerfile },
                target: recipe.target,
                platforms: [...recipe.platforms],
                buildArgs: pulumi.output(registry.baseImagesUri).apply((proxy) => throughProxy(recipe, proxy).buildArgs),
                // The commit is a tag and not a label: a label would change the digest, and roll every service, at commits that change no file of the image.
                labels: { "org.opencontainers.image.title": image },
                secrets: images.caBundle === undefined ? undefined : { "ca-bundle": certificates(images.caBundle) },
                // Renewed certificates change no image; the ones that are already there were downloaded under the old.
                ignoreSecretsInDiffCalculation: ["ca-bundle"],
                tags: imageTags(images.channel, commit, content).map((tag) => pulumi.interpolate`${repository}:${tag}`),
                push: true,
                // A preview neither builds, nor pushes, nor writes a cache: it runs for every pull request, with an identity that only reads.
                buildOnPreview: false,
                cacheFrom: [{ registry: { ref: cache } }],
                // Artifact Registry wants a cache as an image manifest. An image is good even when its cache could not be written.
                cacheTo: [{ registry: { ref: cache, mode: "max", imageManifest: true, ociMediaTypes: true, ignoreError: true } }],
            },
            // The provider's own deletion takes the digest out of the registry, also where another stack was promoted to it. The clean-up of the registry decides.
            { parent: this, retainOnDelete: true },
        );
        // At a preview of a build that has not run the provider gives an empty digest, where it means one that is not known yet.
        const digest = built.digest.apply((given): pulumi.Input<string> => (given === "" ? pulumi.output(pulumi.unknown as never) : given));
        return pulumi.interpolate`${repository}@${digest}`;
    }

    /** The commit that the contexts are exactly. Otherwise the image gets no tag of a commit, and the user is told why. */
    private commitOf({ own, named }: BuildContexts): string | undefined {
        const others = Object.values(named);
        for (const context of [own, ...others]) {
            const large = sizeWarning(context);
            if (large !== undefined) {
                void pulumi.log.warn(large, this);
            }
        }
        try {
            const { commit, differing } = sourceRevision(own, ...others);
            if (differing.length === 0) {
                return commit;
            }
            const more = differing.length > 1 ? ` and ${differing.length - 1} more` : "";
            void pulumi.log.info(
                `The image is tagged with no commit: ${differing[0] ?? ""}${more} differs from commit ${commit.slice(0, 7)}.`,
                this,
            );
        } catch (error) {
            if (!(error instanceof GitError)) {
                throw error;
            }
            void pulumi.log.warn(`The image is tagged with no commit: git cannot tell the one of ${own.folder}: ${error.message}.`, this);
        }
        return undefined;
    }

    /**
     * Whoever uses the reference waits for the look-up. Where the registry no longer has the image, the program ends with the reason, and the reference
     * stays open: a rejected one would be rejected once more in each value that is derived from it, and Node warns of those that are awaited later.
     */
    private lookUp(released: string): pulumi.Output<string> {
        const found = new Promise<string>((resolve) => {
            void this.find(released).then(
                () => {
                    resolve(released);
                },
                (error: unknown) => {
                    // Without a stack trace: the reason is in the registry, not in the program.
                    throw new Refusal(unavailable(released, reasonOf(error)));
                },
            );
        });
        return pulumi.output(found);
    }

    /**
     * Artifact Registry answers with the provider's own credentials. The Docker provider sends none: an image of another registry must be public.
     * https://github.com/pulumi/pulumi-docker/issues/550
     */
    private find(released: string): Promise<unknown> {
        const image = artifactRegistryImage(released);
        return image === undefined
            ? docker.getRegistryImage({ name: released }, { parent: this })
            : gcp.artifactregistry.getDockerImage(image, { parent: this });
    }
}

function unavailable(released: string, reason: string): string {
    const remedy = /\b40[13]\b|denied|unauthori[sz]ed/i.test(reason)
        ? "Add the identity that deploys to ml-platform:registry.readers of the stack that owns the repository"
        : "Promote a release with images that exist";
    return `The released image ${released} is not available: ${reason}. ${remedy}.`;
}

/** The beginning of the SHA-256 of everything that a build is made from. */
function hashOf(build: object): string {
    return createHash("sha256").update(JSON.stringify(build)).digest("hex").slice(0, 12);
}

/** What a provider says of a failed call, without what the SDK puts around it. */
function reasonOf(error: unknown): string {
    const { message } = error as Error;
    return message
        .replace(/^.*?returned an error: /s, "")
        .trim()
        .split("\n", 1)
        .join("");
}

function certificates(file: string): string {
    try {
        return readFileSync(file, "utf8");
    } catch (error) {
        throw new Refusal(`ml-platform:images.caBundle: ${file} cannot be read: ${(error as Error).message}`);
    }
}

import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import * as docker from "@pulumi/docker";
import * as dockerBuild from "@pulumi/docker-build";
import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { DEVICE } from "../../k8s/gpu";
import { attestationArguments, attestedName, attestedTag } from "./attestations";
import { artifactRegistryImage } from "./artifact-registry-image";
import type { ImagesConfig } from "./config";
import { imageRecipe, type ImageRecipe } from "./image-recipe";
import type { NamedImage } from "./named-images";
import { buildContexts, contentHashes, sizeWarning } from "./context/context-files";
import { pulledFrom } from "./docker-hub/address";
import { throughProxy } from "./docker-hub/proxy";
import { GitError } from "./source/git";
import { imageTags, sourceRevision } from "./source/source-revision";
import { stagedContext } from "./context/staged-context";
import { orEnd, Refusal, unknownOutput } from "../config/pulumi-sdk";

type BuildContexts = ReturnType<typeof buildContexts>;

export interface ContainerImageArgs {
    readonly image: NamedImage;
    /** Settings of the section `images`. */
    readonly images: ImagesConfig;
    /** Environment of the image, which is a build argument. */
    readonly environment: string;
    /** Destinations of the image and of its build cache. */
    readonly registry: {
        readonly registryUri: pulumi.Input<string>;
        readonly cacheUri: pulumi.Input<string>;
        /** True: a tag, once pushed, cannot be moved. @default false */
        readonly immutableTags?: boolean | undefined;
        /** A proxy of Docker Hub, for base images and for images that pods pull from there. @default none */
        readonly baseImagesUri?: pulumi.Input<string> | undefined;
    };
    /** Digests of the images that Cloud Build built, by name. @default the program builds the image */
    readonly digests?: pulumi.Output<Readonly<Record<string, string>>> | undefined;
}

/** An image by digest: built with a cache in the registry, or looked up if Cloud Build or another party builds it. */
export class ContainerImage extends pulumi.ComponentResource {
    /** Reference that pods pull, `name@sha256:…`; for an image of Docker Hub, through the stack's proxy. Unknown during preview until the image is built. */
    readonly ref: pulumi.Output<string>;
    /** Reference that a release records, under the image's own name. Each stack that takes the release pulls it through its own proxy. */
    readonly origin: pulumi.Output<string>;
    /** Device that it computes on: `cpu` or `cuda`. */
    readonly device: string;

    constructor(name: string, args: ContainerImageArgs, opts?: pulumi.ComponentResourceOptions) {
        const recipe = args.digests === undefined ? imageRecipe(args.image, args.images, args.environment) : undefined;
        const contexts = recipe && buildContexts(recipe);
        // The provider keeps one hash of all contexts. With these, a preview names the files that cause a new build.
        const sources = contexts && contentHashes([contexts.own, ...Object.values(contexts.named)]);
        super("ml-platform:index:ContainerImage", name, { sources }, opts);
        this.device = DEVICE[args.image.variant];
        this.origin = recipe && contexts ? this.build(name, recipe, args, contexts, sources) : this.elsewhere(args);
        this.ref = pulumi.all([this.origin, args.registry.baseImagesUri]).apply(([image, proxy]) => pulledFrom(image, proxy));
        this.registerOutputs({ ref: this.ref });
    }

    private build(
        name: string,
        recipe: ImageRecipe,
        args: ContainerImageArgs,
        { own, named }: BuildContexts,
        sources: object | undefined,
    ): pulumi.Output<string> {
        const { images, registry } = args;
        const { name: image } = recipe;
        const commit = this.commitOf({ own, named });
        const content = registry.immutableTags === true ? hashOf({ recipe, sources }) : undefined;
        const repository = pulumi.interpolate`${registry.registryUri}/${image}`;
        const cache = pulumi.interpolate`${registry.cacheUri}/${image}:${images.channel}`;
        const tagged = (...tags: readonly pulumi.Input<string>[]) => tags.map((tag) => pulumi.interpolate`${repository}:${tag}`);
        const build = {
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
            // A renewed CA bundle does not change an image, so it does not cause a build.
            ignoreSecretsInDiffCalculation: ["ca-bundle"],
            // Instead of `push`, which leaves the media types to the builder: before BuildKit 0.31, an image had other ones, and so another digest, than inside an
            // index with attestations. https://github.com/moby/buildkit/pull/6824
            push: false,
            exports: [{ registry: { ociMediaTypes: true } }],
            // A preview does not build, push or write a cache, because it runs for every pull request with a read-only identity.
            buildOnPreview: false,
            cacheFrom: recipe.isCopy === true ? undefined : [{ registry: { ref: cache } }],
        };
        // The provider would delete the digest from the registry even if a release of another stack uses it. The registry's clean-up deletes images instead.
        const options = { parent: this, retainOnDelete: true };
        const built = new dockerBuild.Image(
            name,
            {
                ...build,
                tags: tagged(...imageTags(images.channel, commit, content)),
                // Artifact Registry requires caches to be image manifests. A failed cache export does not fail the build.
                cacheTo:
                    recipe.isCopy === true
                        ? undefined
                        : [{ registry: { ref: cache, mode: "max", imageManifest: true, ociMediaTypes: true, ignoreError: true } }],
            },
            options,
        );
        // During preview of a build, the provider returns an empty digest instead of an unknown one.
        const digest = built.digest.apply((given): pulumi.Output<string> => (given === "" ? unknownOutput() : pulumi.output(given)));
        // The next build takes the only tag of uncommitted files, which are never promoted, and the clean-up deletes their index.
        const movable = [`${images.channel}.attested`, ...(commit === undefined ? [] : [digest.apply((of) => attestedTag(of))])];
        const tags = content === undefined ? movable : [digest.apply((of) => attestedTag(of, content))];
        this.attest(attestedName(name), { ...build, tags: tagged(...tags) }, registry.baseImagesUri, recipe, options);
        return pulumi.interpolate`${repository}@${digest}`;
    }

    /**
     * Pushes the image again, from the cache of its first build, in an index with provenance and an SBOM. Pods run the image outside the index: the same files give
     * the same image, but provenance contains the time of the build, so the index is another one each time, and would roll every service.
     */
    private attest(
        name: string,
        build: dockerBuild.ImageArgs,
        proxy: pulumi.Input<string> | undefined,
        recipe: ImageRecipe,
        options: pulumi.CustomResourceOptions,
    ): void {
        const attestations = pulumi.output(proxy).apply((uri) => attestationArguments(throughProxy(recipe, uri).sbomScanner));
        const buildArgs = pulumi.all([attestations, build.buildArgs]).apply(([asked, given]) => ({ ...asked, ...given }));
        new dockerBuild.Image(name, { ...build, buildArgs }, options);
    }

    /** The commit that the contexts match exactly. Without one, the image gets no commit tag, and a warning says why. */
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
                `The image gets no commit tag: ${differing[0] ?? ""}${more} differs from commit ${commit.slice(0, 7)}.`,
                this,
            );
        } catch (error) {
            if (!(error instanceof GitError)) {
                throw error;
            }
            void pulumi.log.warn(`The image gets no commit tag: git cannot determine the commit of ${own.folder}: ${error.message}.`, this);
        }
        return undefined;
    }

    /** An image of Cloud Build, or one with a reference. */
    private elsewhere({ image, registry, digests }: ContainerImageArgs): pulumi.Output<string> {
        if (digests === undefined || image.build === undefined) {
            return this.lookUp(referenceOf(image));
        }
        return pulumi
            .all([registry.registryUri, digests])
            .apply(([uri, byName]) => this.lookUp(`${uri}/${image.name}@${byName[image.name] ?? ""}`));
    }

    /** Everything that uses the reference waits for the look-up. If the registry does not have the image, the program ends with the reason. */
    private lookUp(reference: string): pulumi.Output<string> {
        const found = this.find(reference).then(
            () => reference,
            (error: unknown) => {
                // Without a stack trace: the reason is in the registry, not in the program.
                throw new Refusal(unavailable(reference, reasonOf(error)));
            },
        );
        return pulumi.output(orEnd(found));
    }

    /**
     * Artifact Registry answers with the provider's own credentials. The Docker provider sends none: an image of another registry must be public.
     * https://github.com/pulumi/pulumi-docker/issues/550
     */
    private find(reference: string): Promise<unknown> {
        const image = artifactRegistryImage(reference);
        return image === undefined
            ? docker.getRegistryImage({ name: reference }, { parent: this })
            : gcp.artifactregistry.getDockerImage(image, { parent: this });
    }
}

/** The configuration's checks report an image that has neither a build nor a reference first, with the fix. */
function referenceOf({ name, reference }: NamedImage): string {
    if (reference === undefined) {
        throw new Error(`image ${name} has neither a build context nor a reference`);
    }
    return reference;
}

function unavailable(reference: string, reason: string): string {
    const remedy = /\b40[13]\b|denied|unauthori[sz]ed/i.test(reason)
        ? "Add the deploying identity to ml-platform:registry.readers of the stack that owns the repository"
        : "Name an image that exists: under use of the image, or by promoting a release";
    return `The image ${reference} is not available: ${reason}. ${remedy}.`;
}

/** Prefix of the SHA-256 of all inputs of a build. */
function hashOf(build: object): string {
    return createHash("sha256").update(JSON.stringify(build)).digest("hex").slice(0, 12);
}

/** The provider's message of a failed call, without the SDK's prefix. */
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

import { attestationFlags } from "../attestations";
import type { ImageRecipe } from "../image-recipe";

/**
 * Image of the build steps: Cloud Build's Docker client with buildx, at the digest of `latest`. The tags that exist are `latest`, 19.03.15, 20.10.24 and 24.0.9.
 * https://github.com/GoogleCloudPlatform/cloud-builders/blob/master/docker/cloudbuild.yaml
 */
const DOCKER_STEP = "gcr.io/cloud-builders/docker@sha256:3d00b6c1a9b862621c30fc74d4f2abfc62bcbdee631ed3febd31e7edbdf6252c";

/** BuildKit that builds the images. It brings its own Dockerfile frontend, so the age of the Docker client does not matter. https://hub.docker.com/r/moby/buildkit */
const BUILDKIT = "moby/buildkit:v0.31.2@sha256:2f5adac4ecd194d9f8c10b7b5d7bceb5186853db1b26e5abd3a657af0b7e26ec";

/** The inputs of a build of all images. */
export interface BuildSettings {
    readonly recipes: readonly ImageRecipe[];
    readonly registryUri: string;
    readonly cacheUri: string;
    /** Tag of the build cache, and tag that moves with each build. */
    readonly channel: string;
    /** Whether the builds move the channel. A stack that builds its images itself moves it: two builders would race for it. @default true */
    readonly movesChannel?: boolean | undefined;
    /** True: a tag, once pushed, cannot be moved. @default false */
    readonly immutableTags?: boolean | undefined;
    readonly machineType: string;
    readonly timeoutSeconds: number;
}

/** A build as the Cloud Build API spells it. https://cloud.google.com/build/docs/api/reference/rest/v1/projects.builds */
export interface BuildDefinition {
    readonly steps: readonly BuildStep[];
    /** Images that Cloud Build pushes after the steps, with provenance. */
    readonly images: readonly string[];
    readonly timeout: string;
    readonly options: {
        readonly machineType: string;
        readonly logging: "CLOUD_LOGGING_ONLY";
        readonly requestedVerifyOption?: "VERIFIED";
    };
}

export interface BuildStep {
    readonly id: string;
    readonly name: string;
    readonly args: readonly string[];
    readonly waitFor: readonly string[];
}

/** The build of all images: one builder, then the images side by side, each with its own cache. */
export function buildDefinition(settings: BuildSettings): BuildDefinition {
    const single = settings.recipes.filter((recipe) => recipe.platforms.length === 1);
    const images = single.flatMap((recipe) => references(settings, recipe));
    return {
        steps: [builderStep, ...settings.recipes.map((recipe) => imageStep(settings, recipe))],
        images,
        timeout: `${settings.timeoutSeconds}s`,
        options: {
            machineType: settings.machineType,
            // A build with a user-managed account and no logging option fails: the default bucket belongs to another account.
            logging: "CLOUD_LOGGING_ONLY",
            ...(images.length === 0 ? {} : { requestedVerifyOption: "VERIFIED" as const }),
        },
    };
}

/** Creates the builder. Docker's default builder cannot write a cache to a registry. */
const builderStep: BuildStep = {
    id: "builder",
    name: DOCKER_STEP,
    args: [
        ...["buildx", "create", "--name", "ml-platform"],
        ...["--driver", "docker-container", "--driver-opt", `image=${BUILDKIT}`],
        ...["--bootstrap", "--use"],
    ],
    waitFor: ["-"],
};

function imageStep(settings: BuildSettings, recipe: ImageRecipe): BuildStep {
    const cache = `type=registry,ref=${settings.cacheUri}/${recipe.name}:${settings.channel}`;
    return {
        id: recipe.name,
        name: DOCKER_STEP,
        args: [
            "buildx",
            "build",
            `--file=${recipe.dockerfile}`,
            ...Object.entries(recipe.namedContexts).map(([name, folder]) => `--build-context=${name}=${folder}`),
            ...(recipe.target === undefined ? [] : [`--target=${recipe.target}`]),
            `--platform=${recipe.platforms.join(",")}`,
            ...Object.entries(recipe.buildArgs).map(([key, value]) => `--build-arg=${key}=${literal(value)}`),
            `--label=org.opencontainers.image.title=${recipe.name}`,
            "--label=org.opencontainers.image.revision=$COMMIT_SHA",
            ...references(settings, recipe).map((reference) => `--tag=${reference}`),
            ...(recipe.isCopy === true
                ? []
                : [`--cache-from=${cache}`, `--cache-to=${cache},mode=max,image-manifest=true,oci-mediatypes=true,ignore-error=true`]),
            // Cloud Build pushes the images in Docker, and signs provenance for them. Docker holds one platform and no attestations; several
            // platforms go from BuildKit to the registry, with BuildKit's own provenance and SBOM.
            ...(recipe.platforms.length === 1 ? ["--provenance=false", "--load"] : [...attestationFlags(recipe.sbomScanner), "--push"]),
            recipe.context,
        ],
        waitFor: [builderStep.id],
    };
}

/**
 * Escapes a text, so that Cloud Build does not substitute variables in it.
 * https://cloud.google.com/build/docs/configuring-builds/substitute-variable-values#using_user-defined_substitutions
 */
const literal = (text: string): string => text.replaceAll("$", "$$$$");

/** Where tags are immutable, each build gets a separate tag: the same commit can be built again, by a branch and by a tag. */
function references({ registryUri, channel, movesChannel = true, immutableTags }: BuildSettings, recipe: ImageRecipe): string[] {
    const tags = immutableTags === true ? ["$SHORT_SHA-$BUILD_ID"] : ["$SHORT_SHA", ...(movesChannel ? [channel] : [])];
    return tags.map((tag) => `${registryUri}/${recipe.name}:${tag}`);
}

import { SBOM_SCANNER } from "./attestations";
import type { ImagesConfig } from "./config";
import { pulledFrom } from "./docker-hub/address";
import type { Platforms } from "./image-settings";
import type { NamedImage } from "./named-images";

/** How an image is built, by the program, by Cloud Build or by hand. */
export interface ImageRecipe {
    /** Name of the image in the registry. */
    readonly name: string;
    /** Build context, from the program's folder. */
    readonly context: string;
    /** Further folders that the Dockerfile copies from, by the name in its `from=`, from the program's folder. */
    readonly namedContexts: Readonly<Record<string, string>>;
    readonly dockerfile: string;
    /** Stage of the Dockerfile; undefined for its last one. */
    readonly target: string | undefined;
    readonly platforms: Platforms;
    readonly buildArgs: Readonly<Record<string, string>>;
    /** Image of the scanner that lists the packages of the image; undefined for an image without an SBOM. */
    readonly sbomScanner: string | undefined;
    /** True for a copy of an image: it has no step to cache, and a cache would store all layers again. @default false */
    readonly isCopy?: boolean;
}

/**
 * Creation time of every image, in seconds since 1970: 1980-01-01, the first that every archive format can hold. A time of the commit or of the build would give
 * the same files another digest. https://reproducible-builds.org/docs/source-date-epoch/
 */
const SOURCE_DATE_EPOCH = "315532800";

/** The recipes of the images that a stack builds from source, also while it runs a release. Build arguments stay readable in an image's history: none of them is a secret. */
export const imageRecipes = (images: ImagesConfig, environment: string): ImageRecipe[] =>
    images.fromSource.flatMap((image) => imageRecipe(image, images, environment) ?? []);

/** The recipe of one image; undefined for one that is built elsewhere. */
export function imageRecipe(
    { name, build, variant, platforms }: NamedImage,
    images: ImagesConfig,
    environment: string,
): ImageRecipe | undefined {
    if (build === undefined) {
        return undefined;
    }
    const { context, dockerfile, target, contexts, mirrorOf } = build;
    const sbomScanner = images.sbom ? SBOM_SCANNER : undefined;
    const recipe = { name, context, namedContexts: contexts, dockerfile, target, platforms, sbomScanner };
    if (mirrorOf !== undefined) {
        return { ...recipe, buildArgs: mirrorArguments(mirrorOf), isCopy: true };
    }
    return {
        ...recipe,
        buildArgs: {
            PYTHON_VERSION: images.pythonVersion,
            APP_ENV: environment,
            ENABLE_GPU: String(variant === "gpu"),
            SOURCE_DATE_EPOCH,
            ...(name === "training" && images.trackers ? { TRACKERS: "all" } : {}),
            ...(images.baseImage === undefined ? {} : { BASE_IMAGE: images.baseImage }),
            ...images.buildArguments,
            ...build.buildArguments,
        },
    };
}

/** Arguments of `docker/mirror`. A copy depends on no other setting. */
function mirrorArguments(reference: string): ImageRecipe["buildArgs"] {
    const [name = "", digest = ""] = reference.split("@");
    return { BASE_IMAGE: reference, BASE_NAME: pulledFrom(name, "docker.io"), BASE_DIGEST: digest, SOURCE_DATE_EPOCH };
}

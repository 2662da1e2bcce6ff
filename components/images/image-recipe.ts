import type { ImageName, ImagesConfig } from "./config";

/** How an image is built, whoever builds it: the program, Cloud Build, or a person. */
export interface ImageRecipe {
    /** Name of the image in the registry. */
    readonly name: ImageName;
    /** Build context, from the program's folder. */
    readonly context: string;
    /** Further folders that the Dockerfile copies from, by the name in its `from=`, from the program's folder. */
    readonly namedContexts: Readonly<Record<string, string>>;
    readonly dockerfile: string;
    /** Stage of the Dockerfile. */
    readonly target: string;
    readonly platforms: ImagesConfig["platforms"];
    readonly buildArgs: Readonly<Record<string, string>>;
}

/**
 * Creation time of every image, in seconds since 1970: 1980-01-01, the first that every archive format can hold. A time of the commit or of the build would give
 * the same files another digest. https://reproducible-builds.org/docs/source-date-epoch/
 */
const SOURCE_DATE_EPOCH = "315532800";

/** The recipe of one image. Build arguments stay readable in the image's history: none of them is a secret. */
export function imageRecipe(name: ImageName, images: ImagesConfig, environment: string): ImageRecipe {
    return {
        name,
        context: `docker/${name}`,
        namedContexts: { common: "docker/common" },
        dockerfile: `docker/${name}/Dockerfile`,
        target: name === "inference" ? images.variant : "training",
        platforms: images.platforms,
        buildArgs: {
            PYTHON_VERSION: images.pythonVersion,
            APP_ENV: environment,
            ENABLE_GPU: String(images.variant === "gpu"),
            SOURCE_DATE_EPOCH,
            ...(name === "training" && images.trackers ? { TRACKERS: "all" } : {}),
            ...(images.baseImage === undefined ? {} : { BASE_IMAGE: images.baseImage }),
            ...images.buildArguments,
        },
    };
}

/** The recipes of all images. */
export function imageRecipes(images: ImagesConfig, environment: string): ImageRecipe[] {
    return (["inference", "training"] as const).map((name) => imageRecipe(name, images, environment));
}

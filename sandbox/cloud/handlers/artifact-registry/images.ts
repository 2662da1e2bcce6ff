import { notFound } from "../../api/api-error";
import { type Call, type Handler, textOf } from "../../api/service";
import type { JsonObject } from "../../json";
import type { Entry } from "../../ledger";
import { pageOf } from "../common/pages";

/** An image of a repository, by its digest. */
export interface StoredImage {
    /** Name in the repository, such as `inference` or `team/inference`. */
    readonly name: string;
    readonly digest: string;
    readonly tags: readonly string[];
    readonly mediaType: string;
    readonly sizeBytes: number;
    /** Images of an index. Empty for an image of one platform. */
    readonly manifests: readonly JsonObject[];
    /** RFC 3339. */
    readonly uploadedAt: string;
}

/** The images in the registry. */
export interface Images {
    /** Returns the images of a repository, such as `us-central1-docker.pkg.dev/p/ml-images`, sorted by name and digest. */
    readonly of: (repository: string) => readonly StoredImage[];
}

/** https://cloud.google.com/artifact-registry/docs/reference/rest/v1/projects.locations.repositories.dockerImages/list */
const MOST_OF_A_PAGE = 1000;

/**
 * The methods of the images, packages, versions and tags in repositories for Docker images. A package is an image name, a version a digest.
 * @param prefix method ID of repositories
 * @param find @throws ApiError if the repository does not exist
 */
export function imageMethods(prefix: string, find: (name: string) => Entry, images: Images): Readonly<Record<string, Handler>> {
    const imagesOf = (repository: string): readonly StoredImage[] => {
        const [, project = "", , location = "", , id = ""] = repository.split("/");
        return find(repository).inputs.format === "DOCKER"
            ? images.of(`${location}-docker.pkg.dev/${project.replace(":", "/")}/${id}`)
            : [];
    };
    /** The methods of a collection. @param viewsOf returns all of its resources in a repository */
    const collection = (
        id: string,
        field: string,
        viewsOf: (repository: string, images: readonly StoredImage[]) => readonly JsonObject[],
    ) => {
        const viewsIn = (name: string): readonly JsonObject[] => {
            const repository = name.split("/").slice(0, 6).join("/");
            return viewsOf(repository, imagesOf(repository));
        };
        return {
            [`${prefix}.${id}.get`]: (call: Call) => {
                const name = textOf(call, "name");
                const found = viewsIn(name).find((view) => view.name === name);
                if (found === undefined) {
                    throw notFound();
                }
                return found;
            },
            [`${prefix}.${id}.list`]: (call: Call) => {
                const parent = `${textOf(call, "parent")}/`;
                const inside = viewsIn(parent).filter(({ name }) => typeof name === "string" && name.startsWith(parent));
                return pageOf(field, inside, call.parameters, MOST_OF_A_PAGE);
            },
        };
    };
    return {
        ...collection("dockerImages", "dockerImages", (repository, all) => all.map((image) => imageView(repository, image))),
        ...collection("packages", "packages", (repository, all) =>
            [...new Set(all.map(({ name }) => name))].map((name) =>
                packageView(
                    repository,
                    all.filter((image) => image.name === name),
                ),
            ),
        ),
        ...collection("packages.versions", "versions", (repository, all) => all.map((image) => versionView(repository, image))),
        ...collection("packages.tags", "tags", (repository, all) => all.flatMap((image) => tagViews(repository, image))),
    };
}

function imageView(repository: string, { name, digest, tags, mediaType, sizeBytes, manifests, uploadedAt }: StoredImage): JsonObject {
    const [, project = "", , location = "", , id = ""] = repository.split("/");
    return {
        name: `${repository}/dockerImages/${encodeURIComponent(name)}@${digest}`,
        uri: `${location}-docker.pkg.dev/${project.replace(":", "/")}/${id}/${name}@${digest}`,
        ...(tags.length > 0 && { tags }),
        ...{ imageSizeBytes: String(sizeBytes), uploadTime: uploadedAt, mediaType, updateTime: uploadedAt },
        ...(manifests.length > 0 && { imageManifests: manifests }),
    };
}

const packageName = (repository: string, name: string): string => `${repository}/packages/${encodeURIComponent(name)}`;

function packageView(repository: string, images: readonly StoredImage[]): JsonObject {
    const times = images.map(({ uploadedAt }) => uploadedAt).sort();
    return { name: packageName(repository, images[0]?.name ?? ""), createTime: times[0], updateTime: times.at(-1) };
}

function versionView(repository: string, image: StoredImage): JsonObject {
    const { name, imageSizeBytes, mediaType } = imageView(repository, image);
    const tags = tagViews(repository, image);
    return {
        name: `${packageName(repository, image.name)}/versions/${image.digest}`,
        ...{ createTime: image.uploadedAt, updateTime: image.uploadedAt },
        ...(tags.length > 0 && { relatedTags: tags }),
        metadata: { name, imageSizeBytes, mediaType },
    };
}

function tagViews(repository: string, { name, digest, tags }: StoredImage): readonly JsonObject[] {
    const parent = packageName(repository, name);
    return tags.map((tag) => ({ name: `${parent}/tags/${tag}`, version: `${parent}/versions/${digest}` }));
}

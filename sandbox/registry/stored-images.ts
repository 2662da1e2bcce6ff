import * as fs from "node:fs";
import * as path from "node:path";
import type { StoredImage } from "../cloud/handlers/artifact-registry/images";

/** The fields of an image manifest or an index that are read here. */
interface Manifest {
    readonly mediaType?: string;
    readonly config?: Descriptor;
    readonly layers?: readonly Descriptor[];
    readonly manifests?: readonly (Descriptor & { readonly mediaType?: string; readonly platform?: Platform })[];
}

interface Descriptor {
    readonly digest: string;
    readonly size: number;
}

interface Platform {
    readonly architecture: string;
    readonly os: string;
}

/**
 * Reads the images of a repository from the files of the registry: its API lists no images without a tag.
 * https://github.com/distribution/distribution/blob/v3.0.0/registry/storage/paths.go
 * @param root root directory of the registry's storage
 * @param repository such as `us-central1-docker.pkg.dev/p/ml-images`
 */
export function storedImages(root: string, repository: string): readonly StoredImage[] {
    const storage = path.join(root, "docker/registry/v2");
    const folder = path.join(storage, "repositories", repository);
    return namesIn(folder).flatMap((name) => imagesNamed(storage, path.join(folder, name), name));
}

/** Returns the names of the images in a folder, also of those in subfolders. */
function namesIn(folder: string, name = ""): readonly string[] {
    const entries = entriesOf(path.join(folder, name));
    const inside = entries.filter((entry) => !entry.startsWith("_")).flatMap((entry) => namesIn(folder, path.posix.join(name, entry)));
    return [...(name !== "" && entries.includes("_manifests") ? [name] : []), ...inside];
}

function imagesNamed(storage: string, folder: string, name: string): readonly StoredImage[] {
    const manifests = path.join(folder, "_manifests");
    const tags = entriesOf(path.join(manifests, "tags")).map((tag) => ({
        tag,
        digest: textOf(path.join(manifests, "tags", tag, "current/link")),
    }));
    return entriesOf(path.join(manifests, "revisions/sha256")).flatMap((hex) => {
        const link = path.join(manifests, "revisions/sha256", hex, "link");
        const manifest = manifestOf(storage, hex);
        if (manifest === undefined || !fs.existsSync(link)) {
            return [];
        }
        const digest = `sha256:${hex}`;
        return [
            {
                ...{ name, digest, tags: tags.filter((tag) => tag.digest === digest).map(({ tag }) => tag) },
                ...{ mediaType: manifest.mediaType ?? "", sizeBytes: sizeOf(storage, manifest) },
                manifests: (manifest.manifests ?? []).map((inner) => ({
                    ...{ digest: inner.digest, mediaType: inner.mediaType },
                    ...{ architecture: inner.platform?.architecture, os: inner.platform?.os },
                })),
                uploadedAt: fs.statSync(link).mtime.toISOString(),
            },
        ];
    });
}

/** Size of the layers and the configuration; of an index, of its images. */
function sizeOf(storage: string, { config, layers = [], manifests = [] }: Manifest): number {
    const own = [...(config === undefined ? [] : [config]), ...layers].reduce((sum, { size }) => sum + size, 0);
    const inner = manifests.map(({ digest }) => manifestOf(storage, digest.replace(/^sha256:/, "")));
    return inner.reduce((sum, manifest) => sum + (manifest === undefined ? 0 : sizeOf(storage, manifest)), own);
}

/** Returns a manifest; undefined if it is not in the registry. */
function manifestOf(storage: string, hex: string): Manifest | undefined {
    const text = textOf(path.join(storage, "blobs/sha256", hex.slice(0, 2), hex, "data"));
    return text === "" ? undefined : (JSON.parse(text) as Manifest);
}

/** Returns the names in a folder, sorted; none if it does not exist. */
function entriesOf(folder: string): readonly string[] {
    return fs.existsSync(folder) ? fs.readdirSync(folder).sort() : [];
}

/** Returns the text of a file; empty if it does not exist. */
function textOf(file: string): string {
    return fs.existsSync(file) ? fs.readFileSync(file, "utf8") : "";
}

import type { ImageName, ImagesConfig } from "./config";

/** Digests that a release names: the registry's clean-up keeps them. */
export function releasedDigests(release: ImagesConfig["release"]): string[] {
    const references = [release?.inference, release?.training];
    return references.flatMap((reference) => reference?.split("@")[1] ?? []);
}

/**
 * The reference that a stack takes from its release; undefined where it builds.
 * @throws Error when the stack takes a release that does not name the image. The configuration's own checks say so first, and how to promote.
 */
export function releasedImage(name: ImageName, images: ImagesConfig): string | undefined {
    if (images.from === "build") {
        return undefined;
    }
    const reference = images.release?.[name];
    if (reference === undefined) {
        throw new Error(`the release names no ${name} image`);
    }
    return reference;
}

import type { ImageName, ImagesConfig } from "./config";

/**
 * Digests of the references that are in a repository: its clean-up keeps them.
 * @param references `name@sha256:…`
 * @param repository `project/repository`
 */
export function releasedDigests(references: readonly string[], repository: string): string[] {
    const there = references.filter((reference) => reference.includes(`/${repository}/`));
    return [...new Set(there.flatMap((reference) => reference.split("@")[1] ?? []))];
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

import { createHash } from "node:crypto";
import { existsSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import dockerignore from "@balena/dockerignore";
import type { ImageRecipe } from "./image-recipe";

/**
 * The files that an image's build sees, by their path in the context, each with the beginning of its content's SHA-256. What the ignore file leaves out cannot
 * change the image, except for the Dockerfile itself.
 */
export function contextFiles({ context, dockerfile }: Pick<ImageRecipe, "context" | "dockerfile">): Record<string, string> {
    const ignored = dockerignore().add(ignoreFile(context, dockerfile));
    const files = readdirSync(context, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => path.relative(context, path.join(entry.parentPath, entry.name)))
        .filter((file) => path.join(context, file) === path.normalize(dockerfile) || !ignored.ignores(file));
    return Object.fromEntries(files.sort().map((file) => [file, hashOf(path.join(context, file))]));
}

/** The one beside the Dockerfile goes before the context's own. https://docs.docker.com/build/concepts/context/#filename-and-location */
function ignoreFile(context: string, dockerfile: string): string {
    const found = [`${dockerfile}.dockerignore`, path.join(context, ".dockerignore")].find(existsSync);
    return found === undefined ? "" : readFileSync(found, "utf8");
}

function hashOf(file: string): string {
    return createHash("sha256").update(readFileSync(file)).digest("hex").slice(0, 12);
}

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { encryptedKeys } from "../config/encrypted";
import { releaseFacts, type Release } from "./config";
import type { RawConfig } from "../config/handed-over";
import { keyOf, remedyText, remove } from "../config/problem";
import { stackConfig } from "../stack-file/stack-file";
import { StackFileError } from "../stack-file/yaml";

const imagesSchema = z.object({ release: z.record(z.string(), z.unknown()) });

/**
 * References of the images in the releases of all stacks of a project, sorted. A registry keeps those that it stores. The stack that owns the
 * registry is usually not the one that was promoted to.
 * @param folder folder with the stack files
 * @param own images of the stack that is being deployed, from its configuration
 * @throws Error that names a stack file that cannot be read, or has encrypted images: its protected images are unknown
 */
export function releasedImages(folder: string, own: Release | undefined): string[] {
    const files = readdirSync(folder).filter((file) => /^Pulumi\..+\.yaml$/.test(file));
    const ours = Object.values(own?.images ?? {});
    return [...new Set([...ours, ...files.flatMap((file) => released(folder, file))])].sort();
}

function released(folder: string, file: string): string[] {
    const values = read(folder, file);
    const images = keyOf("images");
    const [encrypted] = encryptedKeys({ [images]: values[images] });
    if (encrypted !== undefined) {
        throw new Error(
            `${file} has an encrypted value at ${encrypted}, so the images that its release needs cannot be kept. Remove it: ${remedyText(remove(encrypted))}`,
        );
    }
    const release = imagesSchema.safeParse(values[images]).data?.release ?? {};
    return Object.entries(release).flatMap(([name, image]) => (typeof image === "string" && !releaseFacts.includes(name) ? [image] : []));
}

function read(folder: string, file: string): RawConfig {
    try {
        return stackConfig(readFileSync(path.join(folder, file), "utf8"), file);
    } catch (error) {
        throw error instanceof StackFileError ? new Error(`The images that a release needs cannot be kept: ${error.message}`) : error;
    }
}

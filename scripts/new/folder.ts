import * as fs from "node:fs";
import * as path from "node:path";

import { CommandError } from "../command-line/run";
import type { Kind } from "./kind";

const TEMPLATES = path.join(__dirname, "templates");

/** Files of a new folder by their path in it. The Dockerfiles of all kinds start with the same part. */
export function filesOf({ templates, image }: Pick<Kind, "templates" | "image">, name: string): Readonly<Record<string, string>> {
    const read = (...file: readonly string[]): string => filled(fs.readFileSync(path.join(TEMPLATES, ...file), "utf8"), { ...image, name });
    const files = templates.flatMap((template) =>
        filesIn(path.join(TEMPLATES, template)).map((file) => {
            const text = read(template, file);
            return [file.split(path.sep).join("/"), file === "Dockerfile" ? read("image", "Dockerfile") + text : text] as const;
        }),
    );
    return Object.fromEntries([...files.sort(), [".dockerignore", read("ignored")]]);
}

/** A template with values in place of placeholders such as `{{name}}`. */
const filled = (template: string, values: Readonly<Record<string, string>>): string =>
    template.replace(/\{\{(\w+)\}\}/g, (placeholder, key: string) => values[key] ?? placeholder);

const filesIn = (folder: string): readonly string[] =>
    (fs.readdirSync(folder, { recursive: true }) as string[]).filter(
        (file) => fs.statSync(path.join(folder, file)).isFile() && !file.includes("__pycache__"),
    );

/**
 * Whether a folder exists from an earlier call for another stack.
 * @throws CommandError if the path is anything else
 */
export function isThere(folder: string, shown: string, mainFile: string): boolean {
    if (!fs.existsSync(folder)) {
        return false;
    }
    const missing = ["Dockerfile", mainFile].find((file) => !fs.existsSync(path.join(folder, file)));
    if (missing !== undefined) {
        throw new CommandError(`${shown} already exists and has no ${missing}: choose another name, or move it.`);
    }
    return true;
}

/**
 * Writes a new folder.
 * @throws CommandError if it cannot be written
 */
export function writeFolder(folder: string, files: Readonly<Record<string, string>>): void {
    try {
        for (const [file, text] of Object.entries(files)) {
            const target = path.join(folder, file);
            fs.mkdirSync(path.dirname(target), { recursive: true });
            fs.writeFileSync(target, text, { flag: "wx" });
        }
    } catch (error) {
        throw new CommandError(`${folder} cannot be written: ${(error as Error).message}`);
    }
}

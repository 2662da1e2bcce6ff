import * as fs from "node:fs/promises";
import { CommandError } from "./run";

/** Meaning of the error codes of a read. https://nodejs.org/api/errors.html#common-system-errors */
const REASONS: Readonly<Record<string, string>> = {
    ENOENT: "it does not exist",
    EISDIR: "it is a folder",
    EACCES: "permission denied",
};

/**
 * The text of a file that the user named or needs.
 * @throws CommandError that names the file if it cannot be read
 */
export async function readText(file: string): Promise<string> {
    return (await readBytes(file)).toString("utf8");
}

/**
 * The content of a file that the user named.
 * @throws CommandError that names the file if it cannot be read
 */
export async function readBytes(file: string): Promise<Buffer> {
    try {
        return await fs.readFile(file);
    } catch (error) {
        const { code = "", message } = error as NodeJS.ErrnoException;
        throw new CommandError(`${file} cannot be read: ${REASONS[code] ?? message}.`);
    }
}

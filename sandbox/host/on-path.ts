import * as fs from "node:fs";
import * as path from "node:path";

/**
 * The path of the first file on PATH with a command's name; undefined if no folder has one.
 * @param except a folder of PATH that does not count
 */
export function onPath(command: string, except?: string): string | undefined {
    const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== except);
    return folders.map((folder) => path.join(folder, command)).find((file) => fs.existsSync(file));
}

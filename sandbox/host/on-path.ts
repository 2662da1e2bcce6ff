import * as fs from "node:fs";
import * as path from "node:path";

/** The path of the first file on PATH with a command's name; undefined where there is none. */
export function onPath(command: string): string | undefined {
    const folders = (process.env.PATH ?? "").split(path.delimiter);
    return folders.map((folder) => path.join(folder, command)).find((file) => fs.existsSync(file));
}

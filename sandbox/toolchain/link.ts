import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import { cacheEntry } from "./install";
import { onMachine } from "./machine-command";
import { TOOLSETS } from "./toolsets";

/**
 * Links all programs in the cache into the sandbox's tools folder. Uses hard links, because Pulumi looks for language hosts next to the
 * target of a symbolic link. Skips resource plugins: the engine warns about plugins on PATH.
 */
export function linkTools(home: Home): void {
    const folder = path.join(home.root, "bin");
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder, { recursive: true });
    for (const toolset of TOOLSETS) {
        const command = onMachine(toolset);
        if (command !== undefined) {
            fs.symlinkSync(fs.realpathSync(command), path.join(folder, path.basename(command)));
            continue;
        }
        const entry = cacheEntry(toolset, home.cache);
        for (const program of Object.keys(toolset.programs).filter((name) => !name.startsWith("pulumi-resource-"))) {
            linkOrCopy(fs.realpathSync(path.join(entry, program)), path.join(folder, program));
        }
    }
}

/** Returns the path of a program in the cache. */
export function cachedProgram(home: Home, program: string): string {
    const toolset = TOOLSETS.find(({ programs }) => program in programs);
    if (toolset === undefined) {
        throw new Error(`no toolset has the program ${program}`);
    }
    return path.join(cacheEntry(toolset, home.cache), program);
}

function linkOrCopy(from: string, to: string): void {
    try {
        fs.linkSync(from, to);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EXDEV") {
            throw error;
        }
        fs.copyFileSync(from, to); // the cache is on another file system
    }
}

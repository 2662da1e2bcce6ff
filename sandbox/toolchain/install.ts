import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { compile } from "./compile/compile";
import { download } from "./download/download";
import { findGo } from "./compile/go";
import { kept } from "./kept";
import { onMachine } from "./machine-command";
import type { Toolset } from "./toolsets";

/** Source of a toolset's programs. */
export type Origin = "on this machine" | "in the cache" | "downloaded" | "compiled";

/**
 * Ensures that a toolset's programs are in the cache: downloads them from official releases if reachable, else compiles them.
 * The cache key covers everything that affects the result.
 */
export async function install(toolset: Toolset, cache: string, progress: (line: string) => void): Promise<Origin> {
    if (onMachine(toolset) !== undefined) {
        return "on this machine";
    }
    const entry = cacheEntry(toolset, cache);
    let origin: Origin = "in the cache";
    const make = async (folder: string): Promise<void> => {
        progress("looking for the official release");
        const downloaded = toolset.downloads.length > 0 && (await download(toolset.downloads, folder));
        origin = downloaded ? "downloaded" : "compiled";
        if (!downloaded) {
            await compileAll(toolset, folder, { cache, log: `${entry}.log`, progress });
        }
    };
    await kept(entry, make, progress);
    return origin;
}

/** Returns the cache folder of a toolset's programs. */
export function cacheEntry(toolset: Toolset, cache: string): string {
    const hash = createHash("sha256").update(JSON.stringify(toolset)).update(process.arch);
    for (const module of new Set(toolset.builds.map((build) => build.module))) {
        for (const file of sources(path.join(__dirname, module))) {
            hash.update(path.relative(__dirname, file)).update(fs.readFileSync(file));
        }
    }
    return path.join(cache, `${toolset.name}-${hash.digest("hex").slice(0, 12)}`);
}

async function compileAll(
    toolset: Toolset,
    folder: string,
    { cache, log, progress }: { cache: string; log: string; progress: (line: string) => void },
): Promise<void> {
    const go = await findGo(cache);
    for (const build of toolset.builds) {
        await compile(build, { go, cache, module: path.join(__dirname, build.module), folder, log, progress });
    }
    for (const [program, file] of Object.entries(toolset.programs)) {
        if (program !== file) {
            fs.symlinkSync(file, path.join(folder, program));
        }
    }
}

function sources(folder: string): string[] {
    return fs
        .readdirSync(folder, { withFileTypes: true, recursive: true })
        .filter((found) => found.isFile())
        .map((found) => path.join(found.parentPath, found.name))
        .sort();
}

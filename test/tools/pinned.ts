import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { promisify } from "node:util";
import { homeOf } from "../../sandbox/home";
import { kept } from "../../sandbox/toolchain/kept";

const run = promisify(execFile);

/**
 * A folder in the sandbox's cache, created once for the content of the files that pin it.
 * @param name start of the folder's name
 * @param pins files with the pinned versions
 * @param make fills the folder, which is renamed afterwards
 */
export async function pinned(name: string, pins: readonly string[], make: (folder: string) => Promise<void>): Promise<string> {
    const hash = createHash("sha256");
    for (const pin of pins) {
        hash.update(fs.readFileSync(pin));
    }
    const { cache } = homeOf(path.join(__dirname, "../.."));
    const folder = path.join(cache, `${name}-${hash.digest("hex").slice(0, 12)}`);
    await kept(folder, make);
    return folder;
}

/**
 * A virtual environment of Python with the packages of a requirements file. Start modules with its `bin/python`: scripts of Python packages name the folder in which they
 * were installed.
 * @param requirements file with versions and hashes
 */
export function pinnedPython(name: string, requirements: string): Promise<string> {
    return pinned(name, [requirements], async (folder) => {
        await run("python3", ["-m", "venv", folder]);
        const options = ["--quiet", "--disable-pip-version-check", "--require-hashes"];
        await run(path.join(folder, "bin/pip"), ["install", ...options, "--requirement", requirements]);
    });
}

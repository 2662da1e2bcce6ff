import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import { onPath } from "./command";

const GIB = 2 ** 30;
/** Required disk space: for Go's caches while the tools are compiled, and for images and state afterwards. */
const FREE_TO_COMPILE = 12 * GIB;
const FREE_TO_RUN = 3 * GIB;
/** Commands that the sandbox always needs → their Debian packages. Compilation checks its own requirements. */
const COMMANDS: Readonly<Record<string, string>> = {
    git: "git",
    tar: "tar",
    ip: "iproute2",
    flock: "util-linux",
    mount: "mount",
    umount: "mount",
    nsenter: "util-linux",
    unshare: "util-linux",
};

/**
 * Returns why the sandbox cannot start on this machine, with a remedy for each reason.
 * @param compiled whether the tools are in the cache
 */
export function obstacles(home: Home, compiled: boolean): readonly string[] {
    const found: string[] = [];
    const missing = Object.entries(COMMANDS).filter(([command]) => onPath(command) === undefined);
    if (missing.length > 0) {
        const packages = [...new Set(missing.map(([, name]) => name))].join(" ");
        const names = missing.map(([command]) => command).join(", ");
        found.push(
            `Not on PATH: ${names}. Install what is missing (on Debian: \`apt-get install ${packages}\`), and run the command again.`,
        );
    }
    const needed = compiled ? FREE_TO_RUN : FREE_TO_COMPILE;
    const full = new Set([home.root, home.cache].map(nearestFolder).filter((folder) => freeBytes(folder) < needed));
    for (const folder of full) {
        const free = `The disk of ${folder} has ${gib(freeBytes(folder))} GiB free; ${gib(needed)} GiB are needed`;
        found.push(`${free}${compiled ? "" : " to compile the tools once"}. Free some, and run the command again.`);
    }
    return found;
}

/** Returns the folder, or its nearest existing parent. */
function nearestFolder(folder: string): string {
    return fs.existsSync(folder) ? folder : nearestFolder(path.dirname(folder));
}

function freeBytes(folder: string): number {
    const { bavail, bsize } = fs.statfsSync(folder);
    return bavail * bsize;
}

function gib(bytes: number): string {
    return (bytes / GIB).toFixed(1);
}

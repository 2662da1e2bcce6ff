import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import type { Home } from "./home";

/** Mounts the sandbox's folder at its short path. Nothing happens where it is mounted already. */
export function mountShortPath(home: Home): void {
    fs.mkdirSync(home.root, { recursive: true, mode: 0o755 });
    fs.mkdirSync(home.run, { recursive: true, mode: 0o755 });
    if (!isMounted(home)) execFileSync("mount", ["--bind", home.root, home.run]);
}

/** Undoes it, with whatever a killed process left mounted below. */
export function unmountShortPath(home: Home): void {
    unmountBelow(home.run);
    if (isMounted(home)) execFileSync("umount", ["--lazy", home.run]);
    if (fs.existsSync(home.run)) fs.rmdirSync(home.run);
}

/** Unmounts everything below a folder, the last mounted first. */
export function unmountBelow(folder: string): void {
    for (const point of mountPoints()
        .filter((at) => at.startsWith(`${folder}/`))
        .reverse()) {
        execFileSync("umount", ["--lazy", point]);
    }
}

function isMounted(home: Home): boolean {
    return mountPoints().includes(home.run);
}

/** Mount points in the order in which they were made. */
function mountPoints(): readonly string[] {
    return fs
        .readFileSync("/proc/self/mountinfo", "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => (line.split(" ")[4] ?? "").replaceAll(/\\(\d{3})/g, (_, octal: string) => String.fromCharCode(parseInt(octal, 8))));
}

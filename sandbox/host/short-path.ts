import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { mountsUnder } from "./mounts";
import type { Home } from "../home";

/** Mounts the sandbox's folder at its short path. Does nothing if it is already mounted. */
export function mountShortPath(home: Home): void {
    fs.mkdirSync(home.root, { recursive: true, mode: 0o755 });
    fs.mkdirSync(home.run, { recursive: true, mode: 0o755 });
    if (!isMounted(home)) {
        execFileSync("mount", ["--bind", home.root, home.run]);
    }
}

/** Unmounts the short path, and all mounts below it that a killed process left behind. */
export function unmountShortPath(home: Home): void {
    unmountBelow(home.run);
    if (isMounted(home)) {
        unmount(home.run);
    }
    if (fs.existsSync(home.run)) {
        fs.rmdirSync(home.run);
    }
}

/** Unmounts everything below a folder, in reverse mount order. */
export function unmountBelow(folder: string): void {
    for (const point of mountsUnder(folder).filter((at) => at !== folder)) {
        unmount(point);
    }
}

function unmount(point: string): void {
    execFileSync("umount", ["--lazy", point]);
}

function isMounted(home: Home): boolean {
    return mountsUnder(home.run).includes(home.run);
}

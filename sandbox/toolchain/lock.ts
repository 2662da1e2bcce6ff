import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";

/** How long a lock may be out of reach before the wait is worth a word, in milliseconds. */
const SAY_AFTER_MS = 500;

/** Options of {@link withLock}. */
export interface LockOptions {
    /** Called once where another process holds the lock for longer than a moment. */
    readonly waiting?: () => void;
}

/**
 * Does something while no other process of this machine does it under the same lock file. The kernel gives a lock back when its holder ends, however it
 * ends, so none is ever stale (flock(2); Node has no call for it, util-linux has a command).
 * @throws Error where flock(1) is missing, or the file's folder cannot be written; else what `work` throws
 */
export async function withLock<Result>(file: string, work: () => Promise<Result>, { waiting }: LockOptions = {}): Promise<Result> {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // The shell says that the lock is held, and holds it until its input closes: at the end of the work, or of this process.
    const holder = spawn("flock", [file, "/bin/sh", "-c", "echo held; read -r _"], { stdio: ["pipe", "pipe", "pipe"] });
    const ended = once(holder, "close") as Promise<[number | null]>;
    let complaint = "";
    holder.stderr.on("data", (data: Buffer) => (complaint += data.toString()));
    const say = setTimeout(() => waiting?.(), SAY_AFTER_MS);
    try {
        const held = await Promise.race([once(holder.stdout, "data").then(() => true), ended.then(() => false)]);
        if (!held) {
            throw new Error(`${file} cannot be locked: ${complaint.trim()}`);
        }
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") {
            throw new Error("flock is needed, and is not on PATH: install util-linux.");
        }
        throw error;
    } finally {
        clearTimeout(say);
    }
    try {
        return await work();
    } finally {
        holder.stdin.end();
        await ended;
    }
}

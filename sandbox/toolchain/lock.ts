import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";

/** Time to wait for a lock before reporting it, in milliseconds. */
const SAY_AFTER_MS = 500;

/** Options of {@link withLock}. */
export interface LockOptions {
    /** Called once if the lock is not available within a moment. */
    readonly waiting?: () => void;
}

/**
 * Runs `work` while this process holds a file lock. The kernel releases the lock when its holder exits, so a lock is never stale. Uses the
 * flock command of util-linux, because Node has no flock(2).
 * @throws Error if flock(1) is missing or the file's folder is not writable, and any error from `work`
 */
export async function withLock<Result>(file: string, work: () => Promise<Result>, { waiting }: LockOptions = {}): Promise<Result> {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // The shell prints a line once it holds the lock. It exits when its input closes, after the work or when this process exits.
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
            throw new Error("flock is not on PATH: install util-linux.");
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

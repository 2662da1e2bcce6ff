import { spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";

/** Milliseconds of waiting for a lock before the wait is reported. */
const SAY_AFTER_MS = 500;

/** Options of {@link withLock}. */
export interface LockOptions {
    /** Called once if another process holds the lock for longer than a moment. */
    readonly waiting?: () => void;
}

/**
 * Runs `work` while this process holds a lock file. The kernel releases the lock when its holder ends, so it is never stale (flock(2); Node has no call for it, but
 * util-linux has a command).
 * @throws Error if flock(1) is missing or the file's folder is not writable; else what `work` throws
 */
export async function withLock<Result>(file: string, work: () => Promise<Result>, { waiting }: LockOptions = {}): Promise<Result> {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    // The shell reports that it holds the lock, and holds it until its input closes: at the end of the work or of this process.
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

import * as fs from "node:fs";

/** Returns the IDs of all processes on this machine. */
export const processIds = (): readonly number[] =>
    fs
        .readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map(Number);

/** Returns the command line of a process as words. Empty for a zombie, for a process that has exited and for a process of another user. */
export const commandLine = (pid: number): readonly string[] => words(pid, "cmdline");

/** Returns the environment of a process as `NAME=value`. Empty for a process that has exited and for a process of another user. */
export const environment = (pid: number): readonly string[] => words(pid, "environ");

/** Returns the parent ID of a process; NaN if the process has exited. The command name, in parentheses, may contain spaces: proc(5). */
export const parentOf = (pid: number): number => Number(read(pid, "stat").replace(/^.*\)/s, "").trim().split(" ")[1]);

/**
 * Sends a signal to a process, which may already have exited.
 * @param pid process ID, or a negative process group ID
 * @throws Error if the process belongs to another user
 */
export function signal(pid: number, name: NodeJS.Signals): void {
    try {
        process.kill(pid, name);
    } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
            throw error;
        }
    }
}

/** Reads a file of NUL-terminated strings. */
function words(pid: number, file: string): readonly string[] {
    const text = read(pid, file);
    return text === "" ? [] : text.replace(/\0$/, "").split("\0");
}

function read(pid: number, file: string): string {
    try {
        return fs.readFileSync(`/proc/${pid}/${file}`, "utf8");
    } catch {
        return "";
    }
}

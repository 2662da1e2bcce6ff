import { execFileSync } from "node:child_process";

/** The reason of a failed git command, in one line. */
export class GitError extends Error {
    override readonly name = "GitError";
}

/** Milliseconds after which a git command is stopped, for example on a network file system that hangs. */
const TIMEOUT_MS = 60_000;

/**
 * Answer of a plumbing command of git in a folder. It depends on the folder alone: variables such as GIT_DIR, which git sets for its hooks, are left out, and
 * settings of the user do not change the output of plumbing commands. https://git-scm.com/docs/git#_low_level_commands_plumbing
 * @throws GitError if git is missing, fails or times out
 */
export function git(folder: string, ...args: readonly string[]): string {
    try {
        return execFileSync("git", ["-C", folder, ...SETTINGS, ...args], {
            encoding: "utf8",
            env: environment(),
            maxBuffer: 1 << 28,
            stdio: ["ignore", "pipe", "pipe"],
            timeout: TIMEOUT_MS,
        });
    } catch (error) {
        throw new GitError(reasonOf(error as Failure));
    }
}

/** The path of a folder in its git repository, with a slash at its end; empty for the root of a repository, and outside of one. */
export function sourceDirectory(folder: string): string {
    try {
        return git(folder, "rev-parse", "--show-prefix").trimEnd();
    } catch (error) {
        if (error instanceof GitError) {
            return "";
        }
        throw error;
    }
}

const SETTINGS: readonly string[] = [
    // A checkout may belong to another user, as in a container. The program already runs from it, so reading its history adds no risk.
    ...["-c", "safe.directory=*"],
    ...["-c", "core.fsmonitor=false"],
];

/** Variables that limit where git looks for a repository. All others name another repository or change git's output. */
const KEPT = ["GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM"];

function environment(): NodeJS.ProcessEnv {
    const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("GIT_") || KEPT.includes(name));
    return { ...Object.fromEntries(inherited), GIT_OPTIONAL_LOCKS: "0", GIT_TERMINAL_PROMPT: "0", LC_ALL: "C" };
}

interface Failure {
    readonly code?: string;
    readonly stderr?: string;
    readonly message: string;
}

function reasonOf({ code, stderr = "", message }: Failure): string {
    if (code === "ENOENT") {
        return "git is not on PATH";
    }
    if (code === "ETIMEDOUT") {
        return `git did not answer within ${TIMEOUT_MS / 1000} seconds`;
    }
    const line = stderr.split("\n").find((text) => text.trim() !== "") ?? message.split("\n", 1).join("");
    return line.replace(/^(fatal|error): /, "").trim();
}

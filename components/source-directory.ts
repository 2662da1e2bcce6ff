import { execFileSync } from "node:child_process";

/** The path of a folder in its git repository, with a slash at its end; empty for the root of a repository, and outside of one. */
export function sourceDirectory(folder: string): string {
    try {
        return execFileSync("git", ["-C", folder, "rev-parse", "--show-prefix"], {
            encoding: "utf8",
            stdio: ["ignore", "pipe", "ignore"],
        }).trimEnd();
    } catch {
        return "";
    }
}

import { git, GitError } from "./git";

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

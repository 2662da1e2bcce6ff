import { git, GitError } from "../../components/git";
import { CommandError } from "../command-line/run";

/** The commit of a work tree, and what differs from it in the program's folder. */
export interface Revision {
    readonly commit: string;
    /** Files that git has not as they are, new ones included. */
    readonly changed: readonly string[];
}

/** @throws CommandError with git's reason where the commit cannot be known: no repository, no commit, no git */
export function revisionOf(folder: string): Revision {
    try {
        const commit = git(folder, "rev-parse", "--verify", "HEAD").trim();
        const status = git(folder, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", ".");
        return { commit, changed: status.split("\0").flatMap((line) => (line === "" ? [] : [line.slice(3)])) };
    } catch (error) {
        if (error instanceof GitError) {
            throw new CommandError(`Images are tagged with a git commit, and git cannot tell the one of ${folder}: ${error.message}.`);
        }
        throw error;
    }
}

/**
 * Makes sure that a build is the build of a commit.
 * @throws CommandError that names the files that differ from it
 */
export function checkClean({ changed }: Revision): void {
    if (changed.length === 0) return;
    const more = changed.length - MOST_NAMED;
    const names = `${changed.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${String(more)} more` : ""}`;
    throw new CommandError(
        `The work tree has changes that are not committed: ${names}. Commit them, or tag the images as dirty with --allow-dirty.`,
    );
}

const MOST_NAMED = 10;

import { outputOf, ProgramError } from "../command-line/program";
import { CommandError } from "../command-line/run";

/** The commit of a work tree, and what differs from it in the program's folder. */
export interface Revision {
    readonly commit: string;
    /** Files that git has not as they are, new ones included. */
    readonly changed: readonly string[];
}

/** @throws CommandError outside a git repository, and in one without a commit */
export async function revisionOf(folder: string): Promise<Revision> {
    try {
        const commit = (await outputOf("git", ["rev-parse", "--verify", "HEAD"], folder)).trim();
        const status = await outputOf("git", ["status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", "."], folder);
        return { commit, changed: status.split("\0").flatMap((line) => (line === "" ? [] : [line.slice(3)])) };
    } catch (error) {
        if (error instanceof ProgramError && !error.missing)
            throw new CommandError(`Images are tagged with a git commit, and ${folder} has none.`);
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

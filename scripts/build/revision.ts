import * as path from "node:path";
import type { BuildContext } from "../../components/images/context/context-files";
import { git, GitError } from "../../components/images/source/git";
import { differingFiles } from "../../components/images/source/source-revision";
import { CommandError } from "../command-line/run";

/** The commit of a work tree, and the files of the program's folder that differ from it. */
export interface Revision {
    readonly commit: string;
    /** Files that differ from the commit, including new ones. */
    readonly changed: readonly string[];
}

/**
 * The commit of a work tree. Files of the build contexts are compared one by one, as `pulumi up` does; for other files, git's status decides.
 * @param folder the program's folder
 * @param contexts the build contexts of the images
 * @throws CommandError with git's reason if the commit is unknown: no repository, no commit, no git
 */
export function revisionOf(folder: string, contexts: readonly BuildContext[]): Revision {
    try {
        const commit = git(folder, "rev-parse", "--verify", "HEAD").trim();
        const status = git(folder, "status", "--porcelain", "-z", "--untracked-files=all", "--no-renames", "--", ".");
        // Git prints paths relative to the top of the repository.
        const prefix = git(folder, "rev-parse", "--show-prefix").trim();
        const folders = contexts.map((context) => `${prefix}${path.relative(folder, context.folder).split(path.sep).join("/")}/`);
        const elsewhere = status
            .split("\0")
            .flatMap((line) => (line === "" ? [] : [line.slice(3)]))
            .filter((file) => !folders.some((above) => file.startsWith(above)));
        const differing = contexts.flatMap(differingFiles).map((file) => prefix + path.relative(folder, file).split(path.sep).join("/"));
        return { commit, changed: [...new Set([...elsewhere, ...differing])].sort() };
    } catch (error) {
        if (error instanceof GitError) {
            throw new CommandError(`Images are tagged with a git commit, and git finds none for ${folder}: ${error.message}.`);
        }
        throw error;
    }
}

/**
 * Makes sure that a build is made from a commit.
 * @throws CommandError that names the files that differ from it
 */
export function checkClean({ changed }: Revision): void {
    if (changed.length === 0) {
        return;
    }
    const more = changed.length - MOST_NAMED;
    const names = `${changed.slice(0, MOST_NAMED).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
    throw new CommandError(`The work tree has uncommitted changes: ${names}. Commit them, or tag the images as dirty with --allow-dirty.`);
}

const MOST_NAMED = 10;

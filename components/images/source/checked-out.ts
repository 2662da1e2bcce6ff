import path from "node:path";
import type { BuildContext } from "../context/context-files";
import { git, GitError } from "./git";
import { differingFiles } from "./source-revision";

/** The commit that is checked out, as the source of a stack's images. */
export interface CheckedOut {
    /** HEAD, with all digits. */
    readonly commit: string;
    /** Files of the build contexts that are not as the commit has them, by their path from the program's folder. */
    readonly differing: readonly string[];
    /** Whether another commit has the same build contexts and Dockerfiles. False if the clone does not have the commit. */
    readonly isSame: (commit: string) => boolean;
}

/**
 * The commit that is checked out.
 * @param folder the program's folder
 * @param contexts the build contexts of the images
 * @param dockerfiles their Dockerfiles, which can be outside of the contexts
 * @throws GitError with the reason if the commit is unknown
 */
export function checkedOut(folder: string, contexts: readonly BuildContext[], dockerfiles: readonly string[]): CheckedOut {
    const commit = git(folder, "rev-parse", "--verify", "HEAD").trim();
    const paths = [...contexts.map((context) => path.relative(folder, path.resolve(folder, context.folder)) || "."), ...dockerfiles];
    return {
        commit,
        differing: [...new Set(contexts.flatMap(differingFiles))],
        isSame: (other) => {
            try {
                return other === commit || git(folder, "diff-tree", "-r", "--name-only", other, commit, "--", ...paths) === "";
            } catch (error) {
                if (error instanceof GitError) {
                    return false;
                }
                throw error;
            }
        },
    };
}

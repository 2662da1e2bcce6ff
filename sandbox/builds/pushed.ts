import { command } from "../host/command";

/** A pushed branch or tag, and its commit. */
export interface Pushed {
    readonly kind: "branch" | "tag";
    readonly name: string;
    readonly commit: string;
    /** Files that the commit changes relative to its first parent. */
    readonly files: readonly string[];
}

/**
 * Describes the push of a branch or tag.
 * @param name branch or tag; undefined for the current branch
 * @throws Error if the branch or tag, its commit or the repository does not exist
 */
export async function pushed(folder: string, name: string | undefined, env: Readonly<Record<string, string>>): Promise<Pushed> {
    const git = async (...args: readonly string[]): Promise<string> => (await command("git", args, { cwd: folder, env })).trim();
    const found = (ref: string): Promise<string> => git("rev-parse", "--verify", "--quiet", `${ref}^{commit}`).catch(() => "");

    await git("rev-parse", "--git-dir").catch(() => {
        throw new Error(`${folder} is not in a git repository, so there is nothing to push.`);
    });
    const wanted = name ?? (await git("symbolic-ref", "--quiet", "--short", "HEAD").catch(() => ""));
    if (wanted === "") {
        throw new Error("No branch is checked out: name a branch or a tag, for example: npm run sandbox -- push main");
    }
    for (const [kind, ref] of [
        ["branch", `refs/heads/${wanted}`],
        ["tag", `refs/tags/${wanted}`],
    ] as const) {
        const commit = await found(ref);
        if (commit === "") {
            continue;
        }
        const files = await git("show", "--diff-merges=first-parent", "--no-renames", "--name-only", "--format=", "-z", commit);
        return { kind, name: wanted, commit, files: files.split("\0").filter((file) => file !== "") };
    }
    throw new Error(`No branch or tag ${wanted} has a commit.`);
}

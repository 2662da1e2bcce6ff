import { execFileSync } from "node:child_process";

/** The commit that a folder's content comes from. */
export interface SourceRevision {
    readonly commit: string;
    /** Seconds since 1970. */
    readonly time: number;
    /** Whether the folder is as that commit has it; a file that git does not know counts as a change. */
    readonly clean: boolean;
}

/**
 * The last commit that touched a folder; undefined outside a git work tree and for a folder without commits. It is the folder's own commit, not the
 * repository's, so that a change elsewhere neither rebuilds an image nor rolls a service.
 */
export function sourceRevision(folder: string): SourceRevision | undefined {
    try {
        const [commit, time] = git(folder, "log", "-1", "--format=%H %ct", "--", ".").split(" ");
        if (commit === undefined || time === undefined) return undefined;
        return { commit, time: Number(time), clean: git(folder, "status", "--porcelain", "--", ".") === "" };
    } catch {
        return undefined;
    }
}

function git(folder: string, ...args: readonly string[]): string {
    return execFileSync("git", ["-C", folder, ...args], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
}

/**
 * Tags of an image: the channel, which moves with each build, and the channel with the commit, under which an earlier build stays tagged and so is not cleaned
 * up. The commit alone is the tag of the build trigger, whose images are others. What differs from its commit must not carry the commit's name.
 * @param content hash of everything that the build is made from, where the registry's tags are immutable: the one tag of such a build never moves
 */
export function imageTags(channel: string, revision: SourceRevision | undefined, content?: string): string[] {
    const committed = revision?.clean === true ? [`${channel}-${revision.commit.slice(0, 7)}`] : [];
    return content === undefined ? [channel, ...committed] : [`${committed[0] ?? channel}-${content}`];
}

/** Labels of the Open Container Initiative for a revision. https://specs.opencontainers.org/image-spec/annotations */
export function imageLabels(title: string, revision: SourceRevision | undefined): Record<string, string> {
    return {
        "org.opencontainers.image.title": title,
        ...(revision === undefined
            ? {}
            : {
                  "org.opencontainers.image.revision": revision.commit,
                  "org.opencontainers.image.created": new Date(revision.time * 1000).toISOString(),
              }),
    };
}

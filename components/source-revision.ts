import { execFileSync } from "node:child_process";

/** The commit that a folder's content comes from. */
export interface SourceRevision {
    readonly commit: string;
    /** Seconds since 1970. */
    readonly time: number;
}

/**
 * The last commit that touched a folder; undefined outside a git work tree and for a folder without commits. It is the folder's own commit, not the
 * repository's, so that a change elsewhere neither rebuilds an image nor rolls a service.
 */
export function sourceRevision(folder: string): SourceRevision | undefined {
    try {
        const line = execFileSync("git", ["-C", folder, "log", "-1", "--format=%H %ct", "--", "."], {
            encoding: "utf8",
            stdio: ["ignore", "pipe", "ignore"],
        });
        const [commit, time] = line.trim().split(" ");
        return commit === undefined || time === undefined ? undefined : { commit, time: Number(time) };
    } catch {
        return undefined;
    }
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

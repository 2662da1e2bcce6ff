import type { types } from "@pulumi/gcp";

type CleanupPolicy = types.input.artifactregistry.RepositoryCleanupPolicy;

const seconds = (days: number): string => `${days * 86_400}s`;

/** Settings of the clean-up of an image repository. */
export interface ImageCleanup {
    readonly keepNewest: number;
    readonly deleteUntaggedAfterDays: number;
    /** Digests (`sha256:…`) of a release, which are kept however many newer versions exist. */
    readonly releasedDigests: readonly string[];
}

/** Clean-up of the image repository. Keep policies take precedence over delete policies. */
export function imageCleanup(args: ImageCleanup): CleanupPolicy[] {
    return [
        {
            id: "delete-untagged",
            action: "DELETE",
            condition: { tagState: "UNTAGGED", olderThan: seconds(args.deleteUntaggedAfterDays) },
        },
        { id: "keep-newest", action: "KEEP", mostRecentVersions: { keepCount: args.keepNewest } },
        ...(args.releasedDigests.length === 0
            ? []
            : [{ id: "keep-released", action: "KEEP", condition: { tagState: "ANY", versionNamePrefixes: [...args.releasedDigests] } }]),
    ];
}

/** Clean-up of the cache repository. Every build rewrites its cache, so old entries are unused. */
export function cacheCleanup(deleteAfterDays: number): CleanupPolicy[] {
    return [{ id: "delete-old", action: "DELETE", condition: { tagState: "ANY", olderThan: seconds(deleteAfterDays) } }];
}

/**
 * Digests of the references that are in a repository: its clean-up keeps them.
 * @param references `name@sha256:…`
 * @param repository `project/repository`
 */
export function releasedDigests(references: readonly string[], repository: string): string[] {
    const there = references.filter((reference) => reference.includes(`/${repository}/`));
    return [...new Set(there.flatMap((reference) => reference.split("@")[1] ?? []))];
}

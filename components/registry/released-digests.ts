/**
 * Digests of the references that are in a repository: its clean-up keeps them.
 * @param references `name@sha256:…`
 * @param repository `project/repository`
 */
export function releasedDigests(references: readonly string[], repository: string): string[] {
    const there = references.filter((reference) => reference.includes(`/${repository}/`));
    return [...new Set(there.flatMap((reference) => reference.split("@")[1] ?? []))];
}

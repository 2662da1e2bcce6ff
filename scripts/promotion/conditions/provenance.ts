import { AnalysisError, occurrencesOf } from "../registry/artifact-analysis";
import type { AttachedStatements } from "../registry/attached-statements";
import { analysedImage } from "../registry/image-reference";
import { accountRemedy } from "./scan";
import { type Provenance, provenanceOf } from "./statement";

/** The provenance of an image, or why it does not count, with the remedy. */
export type Verified = { readonly provenance: Provenance } | { readonly problem: string; readonly remedy: string };

const NONE: Verified = {
    problem: "has no provenance",
    remedy: "Deploy the stack that builds it again, from a clone with its whole history, or copy an image that is built elsewhere with mirror",
};
const REBUILD = "Build it with a stack of this repository";

/** Provenance that Google records has a note of this project, to which only Google can attach occurrences. */
const GOOGLES_NOTES = "projects/verified-builder/notes/";

/**
 * Verifies the provenance of an image: in its registry, else Cloud Build's in Artifact Analysis. The statement is about this image, a known builder made it, and
 * Cloud Build built one of the team's repositories. Signatures are not verified.
 * @param reference `host/name@sha256:…`
 * @param repositories addresses of the team's repositories; empty if unknown
 */
export async function verifiedProvenance(
    reference: string,
    attached: AttachedStatements,
    repositories: readonly string[],
): Promise<Verified> {
    if (attached.provenance.length > 0) {
        return verdict(attached.provenance, attached.platforms, "BuildKit", []);
    }
    const image = analysedImage(reference);
    if (image === undefined) {
        return NONE;
    }
    try {
        const occurrences = await Promise.all(attached.platforms.map((digest) => occurrencesOf(image, digest, "BUILD")));
        const builds = occurrences.flat().filter(({ noteName }) => noteName.startsWith(GOOGLES_NOTES));
        // A build of a trigger has one statement of SLSA v1 and one of v0.1.
        const statements = builds.flatMap(({ build }) => build?.inTotoSlsaProvenanceV1 ?? build?.intotoStatement ?? []);
        return statements.length === 0 ? NONE : verdict(statements, attached.platforms, "Cloud Build", repositories);
    } catch (error) {
        if (error instanceof AnalysisError) {
            return {
                problem: `has unknown provenance: Artifact Analysis cannot be read (${error.message})`,
                remedy: accountRemedy(image.project),
            };
        }
        throw error;
    }
}

/** Each platform needs a statement without a fault. */
function verdict(
    statements: readonly unknown[],
    platforms: readonly string[],
    expected: NonNullable<Provenance["builder"]>,
    repositories: readonly string[],
): Verified {
    const all = statements.flatMap((statement) => provenanceOf(statement) ?? []);
    const verdicts = platforms.map((digest): Verified => {
        const matching = all.filter(({ subjects }) => subjects.includes(digest));
        // Cloud Build records a statement for each version of SLSA. One without a repository does not justify one with another team's repository.
        const named = matching.filter((each) => each.repositories.length > 0);
        const about = named.length > 0 ? named : matching;
        const faults = about.map((each) => faultOf(each, expected, repositories));
        const provenance = about[faults.indexOf(undefined)];
        return provenance === undefined
            ? { problem: faults[0] ?? `has provenance of something else: no statement is about ${digest}`, remedy: REBUILD }
            : { provenance };
    });
    return verdicts.find((each) => "problem" in each) ?? verdicts[0] ?? NONE;
}

function faultOf(
    { builder, builderId, repositories: built }: Provenance,
    expected: NonNullable<Provenance["builder"]>,
    repositories: readonly string[],
): string | undefined {
    if (builder !== expected) {
        return `has provenance of another builder than ${expected}: ${builderId === "" ? "it names none" : builderId}`;
    }
    const foreign = repositories.length === 0 ? undefined : built.find((repository) => !repositories.includes(repository));
    return foreign === undefined ? undefined : `was built from ${foreign}, and the stack files name ${repositories.join(", ")}`;
}

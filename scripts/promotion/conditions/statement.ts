import { z } from "zod";

/** The content of a statement of provenance about a build. */
export interface Provenance {
    /** Digests of the built images, `sha256:…`. */
    readonly subjects: readonly string[];
    readonly builder: "BuildKit" | "Cloud Build" | undefined;
    /** Identity of the builder, as written. */
    readonly builderId: string;
    /** Git repositories that Cloud Build built from, such as `https://github.com/owner/name`. BuildKit records none for a local folder. */
    readonly repositories: readonly string[];
}

/** https://docs.docker.com/build/metadata/attestations/slsa-definitions/ */
const BUILDKIT = [
    "https://mobyproject.org/buildkit@v1",
    "https://github.com/moby/buildkit/blob/master/docs/attestations/slsa-definitions.md",
];
/** With a version in SLSA v0.1. https://cloud.google.com/build/docs/securing-builds/generate-validate-build-provenance */
const CLOUD_BUILD = /^https:\/\/cloudbuild\.googleapis\.com\/GoogleHostedWorker(@v[\d.]+)?$/;

const sourcesSchema = z.array(z.object({ uri: z.string().default("") })).nullish();
const repositorySchema = z.object({ repository: z.string().default("") });
const builderSchema = z.object({ id: z.string().default("") });

/** SLSA v1. https://cloud.google.com/build/gcb-buildtypes/google-worker/v1 */
const v1Schema = z.object({
    buildDefinition: z.object({
        buildType: z.string(),
        externalParameters: z
            .object({ buildConfigSource: repositorySchema.optional(), sourceToBuild: repositorySchema.optional() })
            .default({}),
        resolvedDependencies: sourcesSchema,
    }),
    runDetails: z.object({ builder: builderSchema }),
});

/** SLSA v0.1 of Cloud Build and v0.2 of BuildKit. */
const v0Schema = z.object({
    builder: builderSchema,
    buildType: z.string().default(""),
    materials: sourcesSchema,
});

const statementSchema = z.object({
    subject: z.array(z.object({ digest: z.object({ sha256: z.string().optional() }) })),
    predicate: z.unknown().optional(),
    /** Cloud Build's name of the predicate in SLSA v0.1. */
    slsaProvenance: z.unknown().optional(),
});

/** The content of an in-toto statement; undefined if it is not one of provenance. */
export function provenanceOf(statement: unknown): Provenance | undefined {
    const { data } = statementSchema.safeParse(statement);
    const predicate = data?.predicate ?? data?.slsaProvenance;
    const v1 = v1Schema.safeParse(predicate).data;
    const v0 = v0Schema.safeParse(predicate).data;
    if (data === undefined || (v1 ?? v0) === undefined) {
        return undefined;
    }
    const builderId = v1?.runDetails.builder.id ?? v0?.builder.id ?? "";
    const { buildConfigSource, sourceToBuild } = v1?.buildDefinition.externalParameters ?? {};
    const named = [buildConfigSource?.repository, sourceToBuild?.repository];
    const sources = (v1?.buildDefinition.resolvedDependencies ?? v0?.materials ?? []).map(({ uri }) => uri);
    return {
        subjects: data.subject.flatMap(({ digest: { sha256 } }) => (sha256 === undefined ? [] : [`sha256:${sha256}`])),
        builder: builderOf(builderId, v1?.buildDefinition.buildType ?? v0?.buildType ?? ""),
        builderId,
        repositories: [...new Set([...named, ...sources].flatMap((source) => gitRepository(source ?? "") ?? []))],
    };
}

function builderOf(id: string, buildType: string): Provenance["builder"] {
    return CLOUD_BUILD.test(id) ? "Cloud Build" : BUILDKIT.includes(buildType) ? "BuildKit" : undefined;
}

/**
 * The address of a git repository without its scheme's prefix, its revision and `.git`, in lower case; undefined for any other source.
 * @param source such as `git+https://github.com/owner/name@refs/heads/main`, or in SLSA v0.1 `https://github.com/owner/name/commit/<sha>`
 */
export function gitRepository(source: string): string | undefined {
    const [, address] = /^git\+(https:\/\/[^@#?]+)/.exec(source) ?? /^(https:\/\/.+)\/commit\/[0-9a-f]{40}$/.exec(source) ?? [];
    return address?.replace(/\.git$/, "").toLowerCase();
}

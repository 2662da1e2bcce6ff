import { z } from "zod";
import { CommandError } from "../../command-line/run";
import { googleToken } from "./google-authorization";
import type { AnalysedImage } from "./image-reference";
import { send } from "./send";

const versionSchema = z.object({ fullName: z.string().optional(), name: z.string().optional(), kind: z.string().optional() });

/** A record of a scanner or a builder about an image. https://cloud.google.com/artifact-analysis/docs/reference/rest/v1/projects.occurrences */
const occurrenceSchema = z.object({
    noteName: z.string(),
    build: z.object({ inTotoSlsaProvenanceV1: z.unknown().optional(), intotoStatement: z.unknown().optional() }).optional(),
    discovery: z
        .object({ analysisStatus: z.string().optional(), continuousAnalysis: z.string().optional(), lastScanTime: z.string().optional() })
        .optional(),
    vulnerability: z
        .object({
            severity: z.string().optional(),
            effectiveSeverity: z.string().optional(),
            packageIssue: z
                .array(
                    z.object({
                        affectedPackage: z.string(),
                        affectedVersion: versionSchema.optional(),
                        fixedVersion: versionSchema.optional(),
                    }),
                )
                .default([]),
        })
        .optional(),
});
export type Occurrence = Readonly<z.output<typeof occurrenceSchema>>;

const pageSchema = z.object({ occurrences: z.array(occurrenceSchema).default([]), nextPageToken: z.string().default("") });
const refusalSchema = z.object({
    error: z.object({ message: z.string(), details: z.array(z.object({ reason: z.string().optional() })).default([]) }),
});

const PAGE_SIZE = "1000";

/** Artifact Analysis cannot be read. */
export class AnalysisError extends CommandError {
    /** @param isDisabled whether the project has not enabled its API, so that nothing is scanned */
    constructor(
        message: string,
        readonly isDisabled = false,
    ) {
        super(message);
    }
}

/**
 * The occurrences of a kind for an image.
 * @param digest of the image, or of one of its platforms
 * @throws AnalysisError if they cannot be read
 */
export async function occurrencesOf({ project, url }: AnalysedImage, digest: string, kind: string): Promise<readonly Occurrence[]> {
    const found: Occurrence[] = [];
    let pageToken = "";
    do {
        const query = new URLSearchParams({ filter: `kind="${kind}" AND resourceUrl="${url}@${digest}"`, pageSize: PAGE_SIZE, pageToken });
        const page = pageSchema.safeParse(await get(`projects/${project}/occurrences?${query.toString()}`));
        if (!page.success) {
            throw new AnalysisError("Artifact Analysis answered something other than occurrences");
        }
        found.push(...page.data.occurrences);
        pageToken = page.data.nextPageToken;
    } while (pageToken !== "");
    return found;
}

async function get(path: string): Promise<unknown> {
    const token = await googleToken().catch((error: unknown) => {
        throw error instanceof CommandError ? new AnalysisError(error.message) : error;
    });
    const url = `${endpoint()}${path}`;
    const headers = { authorization: `Bearer ${token}` };
    const answer = await send(url, { headers, isLocal: !url.startsWith("https://") }).catch((error: unknown) => {
        throw new AnalysisError((error as Error).message);
    });
    const body: unknown = await answer.json().catch(() => undefined);
    if (answer.ok) {
        return body;
    }
    const { error } = refusalSchema.safeParse(body).data ?? {};
    const isDisabled = error?.details.some(({ reason }) => reason === "SERVICE_DISABLED") === true;
    throw new AnalysisError(error?.message ?? `status ${answer.status}`, isDisabled);
}

/** Address of the API, from the variable of the Google Cloud provider. */
const endpoint = (): string => process.env.GOOGLE_CONTAINER_ANALYSIS_CUSTOM_ENDPOINT ?? "https://containeranalysis.googleapis.com/v1/";

import { SEVERITIES } from "../../../components/promotion/config";
import { AnalysisError, type Occurrence, occurrencesOf } from "../registry/artifact-analysis";
import { type AnalysedImage, analysedImage } from "../registry/image-reference";

/** A vulnerability of a package in an image. */
export interface Vulnerability {
    /** Name of its note, such as `CVE-2024-0727`. */
    readonly id: string;
    readonly severity: (typeof SEVERITIES)[number];
    readonly package: string;
    readonly installed: string;
    /** First version with a fix; undefined if no fix is available. */
    readonly fixed: string | undefined;
}

/** Result of a vulnerability scan. */
export type Scan =
    | { readonly state: "scanned"; readonly vulnerabilities: readonly Vulnerability[] }
    /** Nothing scans the image. */
    | { readonly state: "not scanned"; readonly reason: string }
    /** A scan should have a result, and has none that can be read. */
    | { readonly state: "unknown"; readonly reason: string; readonly remedy: string };

/** The remedy if Artifact Analysis cannot be read. */
export const accountRemedy = (project: string): string =>
    `Log in with \`gcloud auth login\`, as an account with roles/containeranalysis.occurrences.viewer in ${project}`;

/**
 * The result of the registry's scan of an image. https://cloud.google.com/artifact-analysis/docs/investigate-vulnerabilities
 * @param reference `host/name@sha256:…`
 * @param platforms digests of its platforms, which are scanned one by one
 */
export async function scanOf(reference: string, platforms: readonly string[]): Promise<Scan> {
    const image = analysedImage(reference);
    if (image === undefined) {
        return { state: "not scanned", reason: "it is not in Artifact Registry" };
    }
    try {
        const scans = await Promise.all(platforms.map((digest) => platformScan(image, digest)));
        const failed = scans.find(({ state }) => state === "unknown") ?? scans.find(({ state }) => state === "not scanned");
        return failed ?? { state: "scanned", vulnerabilities: unique(scans) };
    } catch (error) {
        if (!(error instanceof AnalysisError)) {
            throw error;
        }
        return error.isDisabled
            ? { state: "not scanned", reason: `the API containeranalysis.googleapis.com is not enabled in ${image.project}` }
            : { state: "unknown", reason: `Artifact Analysis cannot be read (${error.message})`, remedy: accountRemedy(image.project) };
    }
}

async function platformScan(image: AnalysedImage, digest: string): Promise<Scan> {
    const discoveries = await occurrencesOf(image, digest, "DISCOVERY");
    const statuses = discoveries.flatMap(({ discovery }) => discovery?.analysisStatus ?? []);
    const [status] = statuses;
    if (statuses.some((each) => FINISHED.includes(each))) {
        const found = await occurrencesOf(image, digest, "VULNERABILITY");
        return { state: "scanned", vulnerabilities: found.flatMap(vulnerabilitiesOf) };
    }
    if (status === undefined) {
        return { state: "not scanned", reason: "registry.scanning is off, or was off when the image was pushed" };
    }
    return status === "FINISHED_UNSUPPORTED"
        ? { state: "not scanned", reason: "the scanner does not support it" }
        : {
              state: "unknown",
              reason: `its scan is in the state ${status}`,
              remedy: "Wait until the scan ends; if it failed, push the image again",
          };
}

const FINISHED = ["FINISHED_SUCCESS", "COMPLETE"];

function vulnerabilitiesOf({ noteName, vulnerability }: Occurrence): readonly Vulnerability[] {
    const given = vulnerability?.effectiveSeverity ?? "SEVERITY_UNSPECIFIED";
    const severity = SEVERITIES.find((each) => each === (given === "SEVERITY_UNSPECIFIED" ? vulnerability?.severity : given));
    if (vulnerability === undefined || severity === undefined) {
        return [];
    }
    const id = noteName.split("/").at(-1) ?? noteName;
    return vulnerability.packageIssue.map(({ affectedPackage, affectedVersion, fixedVersion }) => ({
        ...{ id, severity, package: affectedPackage, installed: versionText(affectedVersion) ?? "of an unknown version" },
        fixed: fixedVersion?.kind === "MAXIMUM" ? undefined : versionText(fixedVersion),
    }));
}

type Version = NonNullable<NonNullable<Occurrence["vulnerability"]>["packageIssue"][number]["affectedVersion"]>;

const versionText = (version: Version | undefined): string | undefined => version?.fullName ?? version?.name;

/** Platforms usually have the same packages. */
const unique = (scans: readonly Scan[]): readonly Vulnerability[] => {
    const all = scans.flatMap((scan) => (scan.state === "scanned" ? scan.vulnerabilities : []));
    return [...new Map(all.map((each) => [JSON.stringify(each), each])).values()];
};

import type { PromotionConfig } from "../../../components/promotion/config";
import { attachedStatements } from "../registry/attached-statements";
import { type Verified, verifiedProvenance } from "./provenance";
import { type SortedVulnerabilities, sortVulnerabilities } from "./refused-vulnerabilities";
import { type Scan, scanOf } from "./scan";

/** The conditions for the images of a release. */
export interface Conditions {
    /** Name of the stack file that would get the release, for messages. */
    readonly file: string;
    readonly accepted: PromotionConfig;
    /** Addresses of the team's repositories; empty if unknown. */
    readonly repositories: readonly string[];
    /** ISO 8601. */
    readonly today: string;
}

/** The result for an image. */
export interface ImageCheck {
    /** Its attestations, such as `provenance of BuildKit, no SBOM`. */
    readonly attestations: string;
    /** The result of its scan. */
    readonly scan: string;
    /** Reasons not to promote it, each with the remedy. */
    readonly problems: readonly string[];
    /** Names of the exceptions that it needs: of the image, and of vulnerabilities. */
    readonly needed: readonly string[];
}

/**
 * Checks an image of a release.
 * @param reference `host/name@sha256:…`
 * @throws CommandError if its registry does not serve it
 */
export async function checkImage(name: string, reference: string, conditions: Conditions): Promise<ImageCheck> {
    const { file, accepted, repositories, today } = conditions;
    const attached = await attachedStatements(reference);
    const [verified, scan] = await Promise.all([
        verifiedProvenance(reference, attached, repositories),
        scanOf(reference, attached.platforms),
    ]);
    const sorted = sortVulnerabilities(scan.state === "scanned" ? scan.vulnerabilities : [], accepted, today);
    const exception = accepted.unverified.find(({ image }) => image === name);
    const unverified = [
        ...("problem" in verified ? [`${verified.problem}. ${verified.remedy}`] : []),
        ...(scan.state === "unknown" ? [`has unknown vulnerabilities: ${scan.reason}. ${scan.remedy}`] : []),
    ];
    const add = `or add { image: ${name}, reason: … } to ml-platform:promotion.unverified in ${file}, and commit the file.`;
    const problems = exception === undefined ? unverified.map((problem) => `${problem}, ${add}`) : [];
    const isUsed = exception !== undefined && unverified.length > 0;
    const sbom = attached.sbom === undefined ? "no SBOM" : `SBOM (${attached.sbom})`;
    const accepts = isUsed ? ` (accepted: ${exception.reason})` : "";
    return {
        attestations: `${provenanceText(verified)}, ${sbom}${accepts}`,
        scan: scanText(scan, sorted, conditions),
        problems: [...problems, ...vulnerable(sorted, conditions)].map((problem) => `The image ${name} (${reference}) ${problem}`),
        needed: [...(isUsed ? [name] : []), ...sorted.excepted],
    };
}

function provenanceText(verified: Verified): string {
    if ("problem" in verified) {
        return verified.problem.replace(/^has /, "");
    }
    const { builder, repositories } = verified.provenance;
    if (builder === "BuildKit") {
        return "provenance of BuildKit";
    }
    return `provenance of Cloud Build (${repositories.length === 0 ? "it names no repository" : repositories.join(", ")})`;
}

function scanText(scan: Scan, { refused, accepted }: SortedVulnerabilities, { accepted: config }: Conditions): string {
    if (scan.state !== "scanned") {
        return `${scan.state}: ${scan.reason}`;
    }
    const exceptions = config.vulnerabilities.filter(({ id }) => accepted.includes(id));
    const reasons = exceptions.map(({ id, reason, until }) => `; accepted until ${until}: ${id} (${reason})`).join("");
    return `${refused.length === 0 ? "none" : String(refused.length)} of severity ${fromSeverity(config)}${reasons}`;
}

function vulnerable({ refused }: SortedVulnerabilities, { file, accepted }: Conditions): readonly string[] {
    if (refused.length === 0) {
        return [];
    }
    const remedy = `Build it again with the fixes, or add { id: …, reason: …, until: '<date>' } to ml-platform:promotion.vulnerabilities in ${file}, and commit the file:`;
    return [[`has vulnerabilities of severity ${fromSeverity(accepted)}. ${remedy}`, ...refused].join("\n")];
}

const fromSeverity = ({ severity }: PromotionConfig): string => (severity === "CRITICAL" ? severity : `${severity} or above`);

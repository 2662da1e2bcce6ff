import { type PromotionConfig, SEVERITIES } from "../../../components/promotion/config";
import type { Vulnerability } from "./scan";

/** The vulnerabilities of an image from a severity up, by whether the stack accepts them. */
export interface SortedVulnerabilities {
    /** A line for each vulnerability of a package. */
    readonly refused: readonly string[];
    /** Names, each once. */
    readonly accepted: readonly string[];
    /** Names of those with an exception, in force or not, each once. */
    readonly excepted: readonly string[];
}

/**
 * Sorts the vulnerabilities of an image.
 * @param today ISO 8601
 */
export function sortVulnerabilities(
    found: readonly Vulnerability[],
    { severity, vulnerabilities: exceptions }: PromotionConfig,
    today: string,
): SortedVulnerabilities {
    const least = SEVERITIES.indexOf(severity);
    const severe = found.filter((each) => SEVERITIES.indexOf(each.severity) >= least).toSorted((a, b) => a.id.localeCompare(b.id));
    const exceptionOf = (id: string) => exceptions.find((exception) => exception.id === id);
    const isAccepted = ({ id }: Vulnerability): boolean => (exceptionOf(id)?.until ?? "") >= today.slice(0, 10);
    return {
        refused: severe.filter((each) => !isAccepted(each)).map((each) => line(each, exceptionOf(each.id)?.until)),
        accepted: names(severe.filter(isAccepted)),
        excepted: names(severe.filter(({ id }) => exceptionOf(id) !== undefined)),
    };
}

const names = (vulnerabilities: readonly Vulnerability[]): readonly string[] => [...new Set(vulnerabilities.map(({ id }) => id))];

function line({ id, severity, package: name, installed, fixed }: Vulnerability, ended: string | undefined): string {
    const fix = fixed === undefined ? "no fix available" : `fixed in ${fixed}`;
    return `  ${id} ${severity} ${name} ${installed}, ${fix}${ended === undefined ? "" : `; its exception ended on ${ended}`}`;
}

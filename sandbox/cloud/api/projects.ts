import { projectNumber } from "../generated";
import type { Ledger } from "../ledger";
import { ensure } from "./api-error";
import type { Parameters } from "./parameters";

/**
 * Replaces project numbers in the parameters with project IDs.
 * @throws ApiError if no project with resources or enabled APIs has that number
 */
export function withProjectIds(ledger: Ledger, parameters: Parameters): Parameters {
    const withId = (name: string, value: string): string =>
        name === "project"
            ? projectIdOf(ledger, value)
            : value.replace(/^projects\/(\d+)(?=\/|$)/, (_, number: string) => `projects/${idOf(ledger, number)}`);
    const entries = Object.entries(parameters);
    return Object.fromEntries(entries.map(([name, value]) => [name, typeof value === "string" ? withId(name, value) : value]));
}

/** Returns a resource name with the project number, as some services write it. */
export function numbered(name: string): string {
    return name.replace(/^projects\/([^/]+)/, (_, project: string) => `projects/${projectNumber(project)}`);
}

/**
 * Returns the ID of a project, given its ID or its number.
 * @throws ApiError if no project with resources or enabled APIs has that number
 */
export function projectIdOf(ledger: Ledger, project: string): string {
    return /^\d+$/.test(project) ? idOf(ledger, project) : project;
}

/** Returns the IDs of the projects with resources or enabled APIs, sorted. */
export function knownProjects(ledger: Ledger): readonly string[] {
    const ofResources = ledger
        .list()
        .flatMap(({ id, inputs, provisioned }) => [/^projects\/([^/]+)/.exec(id)?.[1], inputs.project, provisioned.project])
        .filter((project) => typeof project === "string" && project !== "-");
    return [...new Set([...Object.keys(ledger.apis), ...(ofResources as readonly string[])])].sort();
}

function idOf(ledger: Ledger, number: string): string {
    const found = knownProjects(ledger).find((project) => projectNumber(project) === number);
    ensure(found !== undefined, `Permission denied on resource project ${number}.`, "PERMISSION_DENIED");
    return found;
}

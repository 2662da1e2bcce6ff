import type { Rule } from "../config/rule";
import { advise, correct, keyOf, set, type Report } from "../config/problem";
import { regions } from "../../gke/zones";
import { locationIntent } from "./locations";

/** Google's rule for the ID of a project, which may have a domain in front. Source: https://cloud.google.com/resource-manager/docs/creating-managing-projects */
const PROJECT_ID = /^([a-z][-a-z0-9.]*:)?[a-z][-a-z0-9]{4,28}[a-z0-9]$/;

/** The Google Cloud project is named by its ID. */
export const namedProject: Rule<"project"> = ({ project }, report) => {
    const example = advise("Set it to the ID of your project: gcloud projects list");
    if (project === "") {
        report("gcp:project", "is missing: the Google Cloud project to create everything in", example);
    } else if (!PROJECT_ID.test(project)) {
        report(
            "gcp:project",
            `must be the ID of a project, 6 to 30 lower-case letters, digits and dashes, first a letter, not ${JSON.stringify(project)}`,
            example,
        );
    }
};

/** The locations of Google Cloud that a field takes. */
interface Locations {
    /** What a message calls them. */
    readonly kind: string;
    readonly valid: readonly string[];
}

/** Reports a location that is none of those that a field takes. */
export function knownLocation(key: string, location: string, { kind, valid }: Locations, report: Report): void {
    if (!valid.includes(location)) {
        report(key, `${location} is not a ${kind} of Google Cloud`, correct(key, locationIntent(location, valid)));
    }
}

/** The region exists. */
export const knownRegion: Rule<"region"> = ({ region }, report) => {
    if (regions.includes(region)) {
        return;
    }
    const problem = region === "" ? "is empty" : `${region} is not a region of Google Cloud`;
    report("gcp:region", problem, correct("gcp:region", locationIntent(region, regions)));
};

/** A stack with a production name is a production environment. */
export const namedProduction: Rule<"stack" | "environment"> = ({ stack, environment }, report) => {
    if (environment !== "prod" && stack.startsWith("prod")) {
        const key = keyOf("environment");
        report(key, `stack ${stack} has a production name, but is a ${environment} environment, which protects nothing`, set(key, "prod"));
    }
};

/** The rules of the project, its region and its environment. */
export const projectChecks: readonly Rule<"stack" | "project" | "region" | "environment">[] = [namedProject, knownRegion, namedProduction];

import type { Rule } from "../config/rule";
import { advise, correct, keyOf, set, type Report } from "../config/problem";
import { GOOGLE_NAMES } from "../../gke/names";
import { regions } from "../../gke/zones";
import { locationIntent } from "./locations";

/** The Google Cloud project is named by its ID. */
export const namedProject: Rule<"project"> = ({ project }, report) => {
    const example = advise("Set it to the ID of your project: gcloud projects list");
    if (project === "") {
        report("gcp:project", "is missing: the Google Cloud project to deploy to", example);
    } else if (!GOOGLE_NAMES.project.test(project)) {
        report(
            "gcp:project",
            `must be the ID of a project, 6 to 30 lower-case letters, digits and dashes, starting with a letter, not ${JSON.stringify(project)}`,
            example,
        );
    }
};

/** The locations of Google Cloud that a field accepts. */
interface Locations {
    /** Their name in messages. */
    readonly kind: string;
    readonly valid: readonly string[];
}

/** Reports a location that a field does not accept. */
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
        report(key, `stack ${stack} has a production name but is a ${environment} environment, which protects nothing`, set(key, "prod"));
    }
};

/** The rules of the project, its region and its environment. */
export const projectChecks: readonly Rule<"stack" | "project" | "region" | "environment">[] = [namedProject, knownRegion, namedProduction];

import { closest } from "fastest-levenshtein";

import type { Rule } from "./rule";
import { keyOf, set } from "../problem";
import { regions } from "../../gke/zones";

/** The Google Cloud project is named. */
export const namedProject: Rule = ({ project }, report) => {
    if (project === "") {
        report("gcp:project", "is missing: the Google Cloud project to create everything in", set("gcp:project", "my-project"));
    }
};

/** The region exists. */
export const knownRegion: Rule = ({ region }, report) => {
    if (!regions.includes(region)) {
        const nearest = closest(region, [...regions]);
        report("gcp:region", `${region} is no region of Google Cloud; the nearest is ${nearest}`, set("gcp:region", nearest));
    }
};

/** A stack whose name says production is one. */
export const namedProduction: Rule = ({ stack, environment }, report) => {
    if (environment !== "prod" && stack.startsWith("prod")) {
        const key = keyOf("environment");
        report(key, `stack ${stack} has a production name, but is a ${environment} environment, which protects nothing`, set(key, "prod"));
    }
};

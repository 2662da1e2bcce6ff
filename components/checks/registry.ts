import type { Rule } from "./rule";
import { multiRegions, regions } from "../../gke/zones";
import { advise, keyOf } from "../problem";

/** A repository takes a key of its own location. https://cloud.google.com/artifact-registry/docs/cmek */
export const keyInItsLocation: Rule = ({ registry }, report) => {
    const keyLocation = /\/locations\/([^/]+)\//.exec(registry?.kmsKey ?? "")?.[1];
    if (registry === undefined || keyLocation === undefined || keyLocation === registry.location) {
        return;
    }
    const location = keyOf("registry", "location");
    report(
        keyOf("registry", "kmsKey"),
        `is a key in ${keyLocation}, but the repository is in ${registry.location}: a repository takes a key of its own location`,
        advise(
            [...regions, ...multiRegions].includes(keyLocation)
                ? `Name a key in ${registry.location}, or set ${location} to ${keyLocation}`
                : `Name a key in ${registry.location}`,
        ),
        [location],
    );
};

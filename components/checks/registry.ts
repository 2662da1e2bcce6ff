import type { Rule } from "./rule";
import { keyOf, remove, set } from "../problem";
import { multiRegions, regions } from "../regions";

/** A repository takes a key of its own location. https://cloud.google.com/artifact-registry/docs/cmek */
export const keyInItsLocation: Rule = ({ registry }) => {
    const keyLocation = /\/locations\/([^/]+)\//.exec(registry?.kmsKey ?? "")?.[1];
    if (registry === undefined || keyLocation === undefined || keyLocation === registry.location) {
        return [];
    }
    const key = keyOf("registry", "kmsKey");
    const location = keyOf("registry", "location");
    const problem = `is a key in ${keyLocation}, but the repository is in ${registry.location}: a repository takes a key of its own location`;
    const movable = [...regions, ...multiRegions].includes(keyLocation);
    return [{ key, problem, remedy: movable ? set(location, keyLocation) : remove(key), basis: [location] }];
};

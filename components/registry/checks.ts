import type { Rule } from "../config/rule";
import { multiRegions, regions } from "../../gke/zones";
import { advise, keyOf, remove } from "../config/problem";
import { knownLocation } from "../project/checks";

const LOCATIONS = [...regions, ...multiRegions];

/** The location of the repositories exists. Another rule checks the default, the stack's region. */
export const registryLocation: Rule<"region" | "registry"> = ({ region, registry }, report) => {
    if (registry !== undefined && registry.location !== region) {
        knownLocation(keyOf("registry", "location"), registry.location, { kind: "region or multi-region", valid: LOCATIONS }, report);
    }
};

/** A repository requires a key in its own location. https://cloud.google.com/artifact-registry/docs/cmek */
export const keyInItsLocation: Rule<"registry"> = ({ registry }, report) => {
    const keyLocation = /\/locations\/([^/]+)\//.exec(registry?.kmsKey ?? "")?.[1];
    if (registry === undefined || keyLocation === undefined || keyLocation === registry.location) {
        return;
    }
    const location = keyOf("registry", "location");
    report(
        keyOf("registry", "kmsKey"),
        `is a key in ${keyLocation}, but the repository is in ${registry.location}: a repository requires a key in the same location`,
        advise(
            LOCATIONS.includes(keyLocation)
                ? `Name a key in ${registry.location}, or set ${location} to ${keyLocation}`
                : `Name a key in ${registry.location}`,
        ),
        [location],
    );
};

/** A list names each member once. */
export const uniqueMembers: Rule<"registry"> = ({ registry }, report) => {
    for (const field of ["readers", "writers"] as const) {
        registry?.[field].forEach((member, index, members) => {
            if (members.indexOf(member) !== index) {
                const key = keyOf("registry", field, index);
                report(key, `repeats ${member}`, remove(key));
            }
        });
    }
};

/** The rules of the registry. */
export const registryChecks: readonly Rule<"region" | "registry">[] = [uniqueMembers, registryLocation, keyInItsLocation];

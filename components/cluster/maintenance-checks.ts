import { advise, keyOf, remove, set } from "../config/problem";
import { leastHours, parseRecurrence } from "./recurrence";
import type { Rule } from "../config/rule";

/** Hours of maintenance windows that GKE requires in each 32 days. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions#maintenance_windows */
const LEAST_HOURS = 48;

/** The maintenance window recurs, often enough for GKE. */
export const maintenanceWindow: Rule<"cluster"> = ({ cluster }, report) => {
    if (cluster === undefined || cluster.existing) {
        return;
    }
    const { start, hours, recurrence } = cluster.maintenance;
    const rule = parseRecurrence(recurrence);
    const key = keyOf("cluster", "maintenance", "recurrence");
    if (rule === undefined) {
        const upper = recurrence.toUpperCase();
        report(
            key,
            `${recurrence} is not a rule of RFC 5545 that GKE accepts, such as FREQ=WEEKLY;BYDAY=SA,SU`,
            parseRecurrence(upper) === undefined ? remove(key) : set(key, upper),
        );
        return;
    }
    const offered = leastHours(start, hours, rule);
    if (offered < LEAST_HOURS) {
        report(
            key,
            `${recurrence} with ${hours} hours opens for ${offered} hours in 32 days; GKE requires at least ${LEAST_HOURS}`,
            advise("Add days to the recurrence, or hours to the window"),
        );
    }
};

const DAY_MS = 86_400_000;
/** Source: https://cloud.google.com/kubernetes-engine/docs/concepts/maintenance-windows-and-exclusions#exclusions */
const EXCLUSION = { mostDays: 30, most: 3 };

/** Maintenance exclusions end after they start, and stay within GKE's limits for exclusions from all upgrades. */
export const maintenanceExclusions: Rule<"cluster"> = ({ cluster }, report) => {
    if (cluster === undefined || cluster.existing) {
        return;
    }
    const { exclusions } = cluster.maintenance;
    exclusions.forEach(({ name, start, end }, index) => {
        const at = (field: string) => keyOf("cluster", "maintenance", "exclusions", index, field);
        const days = (Date.parse(end) - Date.parse(start)) / DAY_MS;
        if (exclusions.findIndex((other) => other.name === name) !== index) {
            report(at("name"), `${name} is the name of another exclusion`, set(at("name"), `${name} ${index + 1}`));
        }
        if (days <= 0) {
            report(at("end"), `${end} is not after start, ${start}`, advise("Set an end that is after the start"));
        } else if (days > EXCLUSION.mostDays) {
            report(
                at("end"),
                `${end} is ${Math.ceil(days)} days after start; GKE allows ${EXCLUSION.mostDays}`,
                advise(`End it by ${new Date(Date.parse(start) + EXCLUSION.mostDays * DAY_MS).toISOString()}`),
            );
        }
    });
    if (exclusions.length > EXCLUSION.most) {
        const key = keyOf("cluster", "maintenance", "exclusions");
        report(key, `has ${exclusions.length} exclusions; GKE allows ${EXCLUSION.most}`, advise("Remove exclusions that have ended"));
    }
};

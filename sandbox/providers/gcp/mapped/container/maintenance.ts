import { type JsonObject, type JsonValue, listAt, objectAt, textOrEmpty } from "../../../../cloud/json";
import type { Conversion } from "../shape";

const fieldsOf = (value: JsonValue | undefined): JsonObject => objectAt(value);

/** A maintenance policy. In the API, its exclusions are a map. */
export const MAINTENANCE: Conversion = {
    toApi: (value) => {
        const { maintenanceExclusions, recurringWindow, disruptionBudget, ...windows } = fieldsOf(value);
        const { recurrence, ...window } = fieldsOf(recurringWindow);
        const exclusions = listAt(maintenanceExclusions)
            .map(fieldsOf)
            .map(({ exclusionName, exclusionOptions: maintenanceExclusionOptions, ...times }) => [
                ...[textOrEmpty(exclusionName), { ...times, maintenanceExclusionOptions }],
            ]);
        const recurring = recurringWindow === undefined ? undefined : { recurrence, window };
        const excluded = exclusions.length === 0 ? undefined : (Object.fromEntries(exclusions) as JsonObject);
        return { window: { ...windows, recurringWindow: recurring, maintenanceExclusions: excluded }, disruptionBudget };
    },
    fromApi: (value) => {
        const { maintenanceExclusions, recurringWindow, ...windows } = fieldsOf(fieldsOf(value).window);
        const { recurrence, window } = fieldsOf(recurringWindow);
        const exclusions = Object.entries(fieldsOf(maintenanceExclusions)).map(([exclusionName, exclusion]) => {
            const { maintenanceExclusionOptions: exclusionOptions, ...times } = fieldsOf(exclusion);
            return { exclusionName, ...times, ...(exclusionOptions !== undefined && { exclusionOptions }) };
        });
        return {
            ...windows,
            ...(recurringWindow !== undefined && { recurringWindow: { recurrence, ...fieldsOf(window) } }),
            ...(exclusions.length > 0 && { maintenanceExclusions: exclusions }),
        };
    },
};

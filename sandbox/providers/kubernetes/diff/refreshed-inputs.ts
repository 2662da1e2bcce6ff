import { isList, isObject, type Properties, type PropertyValue } from "../../property-values";
import { isSame } from "../../diff-values";

/**
 * Returns the inputs after a refresh: the fields that the program set, with the live value if it changed since the last update. A field
 * that the API server only normalized (`1000m` to `1`) keeps the program's value, and a field that the program omits stays omitted.
 */
export function refreshedInputs(inputs: Properties, oldOutputs: Properties, live: Properties): Properties {
    const { stringData, ...rest } = inputs;
    const refreshed = refreshObject(rest, oldOutputs, live);
    return isObject(stringData) ? { ...refreshed, stringData: refreshedStringData(stringData, oldOutputs.data, live.data) } : refreshed;
}

function refreshObject(inputs: Properties, oldOutputs: Properties, live: Properties): Properties {
    return Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, refresh(input, oldOutputs[name], live[name])]));
}

function refresh(
    input: PropertyValue | undefined,
    old: PropertyValue | undefined,
    live: PropertyValue | undefined,
): PropertyValue | undefined {
    if (isSame(old, live)) {
        return input;
    }
    if (isObject(input) && isObject(live)) {
        return refreshObject(input, isObject(old) ? old : {}, live);
    }
    if (isList(input) && isList(live) && input.length === live.length) {
        const oldItems = isList(old) ? old : [];
        return input.map((item, index) => refresh(item, oldItems[index], live[index]) ?? null);
    }
    return live;
}

/** Returns the current values of a Secret's `stringData`. The API server stores them in `data`, base64-encoded. */
function refreshedStringData(stringData: Properties, oldData: PropertyValue | undefined, data: PropertyValue | undefined): Properties {
    const [before, now] = [isObject(oldData) ? oldData : {}, isObject(data) ? data : {}];
    return Object.fromEntries(
        Object.entries(stringData).map(([name, value]) => {
            const live = now[name];
            if (isSame(before[name], live)) {
                return [name, value];
            }
            return [name, typeof live === "string" ? Buffer.from(live, "base64").toString("utf8") : undefined];
        }),
    );
}

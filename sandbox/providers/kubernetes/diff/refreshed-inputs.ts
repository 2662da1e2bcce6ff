import { isList, isObject, type Properties, type PropertyValue } from "../../property-values";
import { isSame } from "./diff-values";

/**
 * The inputs after a refresh: the fields that the program set, with the live value if it differs from the one after the last update. A field that
 * the API server merely wrote in its own way then (`1000m` as `1`) keeps the program's, and a field that the program left out stays out.
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

/** What a Secret's `stringData` holds now. The API server keeps it in `data`, in base64. */
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

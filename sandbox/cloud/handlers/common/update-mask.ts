import { type JsonObject, type JsonValue, objectAt } from "../../json";
import { ensure } from "../../api/api-error";
import { jsonName } from "../../api/names";

/**
 * Returns the paths of an update mask, in JSON names. https://google.aip.dev/161
 * @returns undefined if the mask covers the whole message
 */
export function maskPaths(mask: JsonValue | undefined): readonly string[] | undefined {
    if (typeof mask !== "string" || mask === "" || mask === "*") {
        return undefined;
    }
    return mask.split(",").map((path) => path.trim().split(".").map(jsonName).join("."));
}

/**
 * Applies an update to a resource. A masked field that is absent from the update is cleared. Without a mask, all fields of the update
 * apply.
 * @param known fields that the mask may contain
 * @throws ApiError if the mask contains another field
 */
export function applyMask(
    current: JsonObject,
    change: JsonObject,
    paths: readonly string[] | undefined,
    known: Readonly<Record<string, unknown>>,
): JsonObject {
    if (paths === undefined) {
        return { ...current, ...change };
    }
    let result = current;
    for (const path of paths) {
        const [first = "", ...rest] = path.split(".");
        ensure(Object.hasOwn(known, first), `Invalid field mask: unknown field '${path}'`);
        result = replace(result, change, [first, ...rest]);
    }
    return result;
}

function replace(current: JsonObject, change: JsonObject, [name = "", ...rest]: readonly string[]): JsonObject {
    const { [name]: before, ...others } = current;
    const after = change[name];
    if (rest.length === 0) {
        return after === undefined ? others : { ...others, [name]: after };
    }
    return { ...others, [name]: replace(objectAt(before), objectAt(after), rest) };
}

/** A JSON value. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object. Fields that are `undefined` are omitted. */
export interface JsonObject {
    readonly [name: string]: JsonValue | undefined;
}

/** Whether the value is a JSON object. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value is a list. */
export function isJsonList(value: JsonValue | undefined): value is readonly JsonValue[] {
    return Array.isArray(value);
}

/** Returns the value if it is a string, else an empty string. */
export function textOrEmpty(value: JsonValue | undefined): string {
    return typeof value === "string" ? value : "";
}

/** Returns the value at a path of field names and list indexes; `undefined` if the path does not exist. */
export function valueAt(root: JsonValue | undefined, ...path: readonly (string | number)[]): JsonValue | undefined {
    let value = root;
    for (const step of path) {
        if (typeof step === "number") {
            value = isJsonList(value) ? value[step] : undefined;
        } else {
            value = isJsonObject(value) ? value[step] : undefined;
        }
    }
    return value;
}

/** Returns the object at a path; an empty one if there is another value. */
export function objectAt(root: JsonValue | undefined, ...path: readonly (string | number)[]): JsonObject {
    const value = valueAt(root, ...path);
    return isJsonObject(value) ? value : {};
}

/** Returns the list at a path; an empty one if there is another value. */
export function listAt(root: JsonValue | undefined, ...path: readonly (string | number)[]): readonly JsonValue[] {
    const value = valueAt(root, ...path);
    return isJsonList(value) ? value : [];
}

/** Returns the objects in the list at a path. */
export function objectsAt(root: JsonValue | undefined, ...path: readonly (string | number)[]): readonly JsonObject[] {
    return listAt(root, ...path).filter(isJsonObject);
}

/** Returns the text at a path; an empty one if there is another value. */
export function textAt(root: JsonValue | undefined, ...path: readonly (string | number)[]): string {
    return textOrEmpty(valueAt(root, ...path));
}

/**
 * Returns the fields of both objects. If both have a field, objects are merged, and otherwise the second value wins. As in proto3 JSON, an
 * object without `enabled` is not enabled.
 */
export function merged(first: JsonObject, second: JsonObject): JsonObject {
    const result: Record<string, JsonValue | undefined> = { ...first };
    for (const [name, value] of Object.entries(second)) {
        const before = first[name];
        if (isJsonObject(before) && isJsonObject(value)) {
            const { enabled = false, ...others } = before;
            result[name] = merged(enabled === true ? others : before, value);
        } else if (value !== undefined) {
            result[name] = value;
        }
    }
    return result;
}

/** Writes the fields of an object in JSON, sorted, one line each, so that updates of a large file have readable diffs. */
export function fieldLines(object: object): string {
    return Object.entries(object)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([name, value]) => `  ${JSON.stringify(name)}: ${JSON.stringify(value)}`)
        .join(",\n");
}

/** A value of a JSON text. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;

/** A JSON object. A field that is `undefined` is not written. */
export interface JsonObject {
    readonly [name: string]: JsonValue | undefined;
}

/** Whether the value has named fields. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether the value is a list. */
export function isJsonList(value: JsonValue | undefined): value is readonly JsonValue[] {
    return Array.isArray(value);
}

/** What stands at a path of field names and list positions; `undefined` where the path ends early. */
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

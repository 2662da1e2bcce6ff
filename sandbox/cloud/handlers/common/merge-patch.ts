import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from "../../json";

/** Applies a merge patch. Call `withoutNull` on the result. https://www.rfc-editor.org/rfc/rfc7396 */
export function mergePatch(before: JsonObject, patch: JsonObject): JsonObject {
    const merged = Object.entries(patch).map(([name, value]) => {
        const old = before[name];
        return [name, isJsonObject(value) && isJsonObject(old) ? mergePatch(old, value) : value] as const;
    });
    return { ...before, ...Object.fromEntries(merged) };
}

/** Removes cleared fields and empty lists, which the API omits. */
export function withoutNull(value: JsonObject): JsonObject {
    const clean = (inner: JsonValue | undefined) => (isJsonObject(inner) ? withoutNull(inner) : inner);
    return Object.fromEntries(
        Object.entries(value)
            .filter(([, inner]) => inner !== null && !(isJsonList(inner) && inner.length === 0))
            .map(([name, inner]) => [name, isJsonList(inner) ? inner.map((item) => clean(item) ?? item) : clean(inner)]),
    );
}

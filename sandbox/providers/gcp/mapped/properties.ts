import { isSameResource } from "../../../cloud/handlers/compute/names";
import { isJsonList, isJsonObject, type JsonObject, type JsonValue, listAt, objectAt } from "../../../cloud/json";
import type { TypeFacts } from "./mapped-type";

/** Differences between a type's properties and the API's fields. All other properties have the same name and format in both. */
export interface PropertyMapping extends Pick<TypeFacts, "defaults" | "ignoresCase"> {
    /**
     * Inputs that are in the path or the query, or that only the provider uses. Default for a type of the API: those in its ID, and those
     * that are not fields of its schema.
     */
    readonly notInBody: readonly string[];
    /** Inputs that requests have and responses do not. */
    readonly inputOnly?: readonly string[];
    /** Boolean inputs that are part of responses, but that separate requests set. */
    readonly switches?: readonly string[];
    /** Lists of objects that are maps in the API → the property with the key. */
    readonly keyed?: Readonly<Record<string, string>>;
}

/** Label that the official provider adds to resources (`addPulumiAttributionLabel`). */
export const ATTRIBUTION = { "goog-pulumi-provisioned": "true" };

/**
 * Builds the request body that creates a resource with these inputs.
 * @param labelled whether the type has labels
 */
export function toBody(inputs: JsonObject, { notInBody, switches = [], keyed = {} }: PropertyMapping, labelled: boolean): JsonObject {
    const labels = { ...ATTRIBUTION, ...(inputs.labels as JsonObject | undefined) };
    const body: Record<string, JsonValue | undefined> = { ...(labelled && { labels }) };
    for (const [name, value] of Object.entries(inputs)) {
        if (name === "labels" || notInBody.includes(name) || switches.includes(name)) {
            continue;
        }
        const key = keyed[name];
        body[name] = key === undefined || !isJsonList(value) ? value : toMap(value, key);
    }
    return body;
}

function toMap(list: readonly JsonValue[], key: string): JsonObject {
    return Object.fromEntries(list.filter(isJsonObject).map(({ [key]: name, ...item }) => [typeof name === "string" ? name : "", item]));
}

/**
 * Returns the current inputs of a resource. Where they are equivalent to the program's inputs, they keep its form: the order of keyed
 * lists, and default values that the API omits.
 * @param given the program's inputs; for an import, those that the resource name contains
 * @param imported whether the resource is being imported, without a program
 * @param filledIn fields that the API fills in; they are only compared if the program sets them
 */
export function toInputs(
    body: JsonObject,
    given: JsonObject,
    { notInBody, inputOnly = [], defaults = {}, keyed = {}, ignoresCase = [] }: PropertyMapping,
    inputNames: readonly string[],
    filledIn: readonly string[],
    imported: boolean,
): JsonObject {
    const inputs: Record<string, JsonValue | undefined> = Object.fromEntries(
        [...notInBody, ...inputOnly].map((name) => [name, given[name]]),
    );
    for (const name of inputNames) {
        const before = given[name];
        if (notInBody.includes(name) || inputOnly.includes(name)) {
            continue;
        }
        if (before === undefined && (filledIn.includes(name) || (name in defaults && body[name] === defaults[name]))) {
            continue;
        }
        const key = keyed[name];
        const now = key === undefined ? body[name] : toList(body[name], key, before);
        if (ignoresCase.includes(name) && sameText(now, before)) {
            inputs[name] = before;
        } else {
            inputs[name] = name === "labels" ? labelsOf(now, imported ? now : before) : asGiven(now, before, filledIn.includes(name));
        }
    }
    return Object.fromEntries(Object.entries(inputs).filter(([, value]) => value !== undefined));
}

/** Whether two texts differ at most in case. */
export function sameText(a: unknown, b: unknown): boolean {
    return typeof a === "string" && typeof b === "string" && a.toLowerCase() === b.toLowerCase();
}

/** Returns a map as a keyed list: first the program's elements in their order, then all others. */
function toList(map: JsonValue | undefined, key: string, before: JsonValue | undefined): JsonValue | undefined {
    if (!isJsonObject(map)) {
        return undefined;
    }
    const order = listAt(before).map((item) => (isJsonObject(item) ? item[key] : undefined));
    const rank = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
    return Object.entries(map)
        .sort(([a], [b]) => rank(a) - rank(b))
        .map(([name, item]) => ({ [key]: name, ...objectAt(item) }));
}

/** The provider only manages the program's labels. */
function labelsOf(now: JsonValue | undefined, before: JsonValue | undefined): JsonValue | undefined {
    const there = objectAt(now);
    return isJsonObject(before)
        ? Object.fromEntries(
              Object.keys(before).flatMap((name) => (there[name] === undefined || name in ATTRIBUTION ? [] : [[name, there[name]]])),
          )
        : undefined;
}

/** @param ofGivenOnly whether to omit object fields that the program does not set */
function asGiven(now: JsonValue | undefined, before: JsonValue | undefined, ofGivenOnly: boolean): JsonValue | undefined {
    if (now === undefined) {
        return isDefault(before) ? before : undefined;
    }
    if (isJsonList(now)) {
        return now.map((item, position) => asGiven(item, isJsonList(before) ? before[position] : undefined, ofGivenOnly) ?? item);
    }
    if (!isJsonObject(now)) {
        return before !== undefined && isSameResource(now, before) ? before : now;
    }
    const given = objectAt(before);
    const names = Object.keys(given).concat(ofGivenOnly ? [] : Object.keys(now).filter((name) => !(name in given)));
    return Object.fromEntries(
        names.flatMap((name) => {
            const value = asGiven(now[name], given[name], ofGivenOnly);
            return value === undefined ? [] : [[name, value]];
        }),
    );
}

/** Whether the API omits the value, as in proto3 JSON. */
function isDefault(value: JsonValue | undefined): boolean {
    return value === false || value === 0 || value === "" || (isJsonList(value) && value.length === 0);
}

/** Returns the merge patch that changes a value: removed fields are null. https://www.rfc-editor.org/rfc/rfc7396 */
export function patchOf(before: JsonValue | undefined, after: JsonValue | undefined): JsonValue {
    if (!isJsonObject(before) || !isJsonObject(after)) {
        return after ?? null;
    }
    return Object.fromEntries(Object.keys({ ...before, ...after }).map((name) => [name, patchOf(before[name], after[name])]));
}

import { findResourceType, type PropertyType } from "../../cloud/catalogue";
import { Draft } from "../../cloud/draft";
import { CloudError } from "../../cloud/errors";
import type { JsonObject } from "../../cloud/json";
import { findBehaviour } from "../../cloud/services/all";
import { isList, isObject, type Properties, type PropertyValue, secret, UNKNOWN } from "../property-values";
import { DEFAULTS } from "./defaults";

/** Takes off what is only the provider's own note. */
export function withoutDefaults(inputs: Properties): Properties {
    return Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== DEFAULTS));
}

/** Marks the values that the type's schema calls secret. */
export function markSecrets(type: string, outputs: Properties): Properties {
    return markFields(outputs, findResourceType(type)?.inputs ?? {});
}

function markFields(values: Properties, types: Readonly<Record<string, PropertyType>>): Properties {
    return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, mark(value, types[name])]));
}

function mark(value: PropertyValue | undefined, type: PropertyType | undefined): PropertyValue | undefined {
    if (value === undefined || value === null || type === undefined) {
        return value;
    }
    if (type.secret === true) {
        return secret(value);
    }
    const { fields } = type;
    if (fields === undefined) {
        return value;
    }
    if (isList(value)) {
        return value.map((item) => (isObject(item) ? markFields(item, fields) : item));
    }
    return isObject(value) ? markFields(value, fields) : value;
}

/** What a preview can say of a resource that does not exist yet: its inputs, what follows from them, and unknowns for the rest. */
export function foretellCreation(type: string, inputs: Properties): Properties {
    const computed = findResourceType(type)?.computed ?? [];
    const unknowns: Properties = Object.fromEntries(computed.map((name) => [name, UNKNOWN]));
    return { ...unknowns, ...keepFilledIn(type, withoutDefaults(inputs), {}), ...foretold(type, inputs) };
}

/** What a preview can say of a resource after a change: what it computed before stays. */
export function foretellUpdate(type: string, inputs: Properties, oldInputs: Properties, oldOutputs: Properties): Properties {
    const given = withoutDefaults(inputs);
    const kept = Object.entries(oldOutputs).filter(([name]) => name in given || !(name in oldInputs));
    return { ...Object.fromEntries(kept), ...keepFilledIn(type, given, oldOutputs) };
}

/** Adds the nested values that the cloud fills in to objects that the program gave: as they were, else unknown. */
function keepFilledIn(type: string, inputs: Properties, oldOutputs: Properties): Properties {
    let result = inputs;
    for (const path of findBehaviour(type)?.filledIn ?? []) {
        result = fill(result, oldOutputs, path);
    }
    return result;
}

function fill(given: Properties, old: PropertyValue | undefined, [name, ...rest]: readonly string[]): Properties {
    if (name === undefined) {
        return given;
    }
    const before = isObject(old) ? old[name] : undefined;
    const inner = given[name];
    if (rest.length === 0) {
        return inner === undefined ? { ...given, [name]: before ?? UNKNOWN } : given;
    }
    return isObject(inner) ? { ...given, [name]: fill(inner, before, rest) } : given;
}

function foretold(type: string, inputs: Properties): Properties {
    try {
        // A draft takes a value that is not a text for a missing one, and an unknown is not a text.
        return findBehaviour(type)?.foretold?.(new Draft(type, inputs as JsonObject, "")) ?? {};
    } catch (error) {
        if (error instanceof CloudError) {
            return {};
        }
        throw error;
    }
}

import { findResourceType, type PropertyType } from "./catalogue";
import type { JsonObject } from "../../cloud/json";
import { isList, isObject, type Properties, type PropertyValue, secret, UNKNOWN } from "../property-values";
import { DEFAULTS } from "./defaults";
import { findMappedType } from "./mapped/all";

/** Removes the provider's own bookkeeping from the inputs. */
export function withoutDefaults(inputs: Properties): Properties {
    return Object.fromEntries(Object.entries(inputs).filter(([name]) => name !== DEFAULTS));
}

/** Marks the values that are secret in the type's schema. */
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

/** Returns the outputs for the preview of a creation: the inputs, values derived from them, and unknowns for all others. */
export function predictCreation(type: string, inputs: Properties): Properties {
    const computed = [...(findResourceType(type)?.computed ?? []), ...(findMappedType(type)?.optionalComputed ?? [])];
    const unknowns: Properties = Object.fromEntries(computed.map((name) => [name, UNKNOWN]));
    return { ...unknowns, ...keepFilledIn(type, withoutDefaults(inputs), {}), ...findMappedType(type)?.predicted?.(inputs as JsonObject) };
}

/** Returns the outputs for the preview of an update: computed values remain as they are. */
export function predictUpdate(type: string, inputs: Properties, oldInputs: Properties, oldOutputs: Properties): Properties {
    const given = withoutDefaults(inputs);
    const kept = Object.entries(oldOutputs).filter(([name]) => name in given || !(name in oldInputs));
    return { ...Object.fromEntries(kept), ...keepFilledIn(type, given, oldOutputs) };
}

/** Adds nested values that the cloud computes to the program's objects: the old values, or unknowns. */
function keepFilledIn(type: string, inputs: Properties, oldOutputs: Properties): Properties {
    let result = inputs;
    for (const path of findMappedType(type)?.filledIn ?? []) {
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

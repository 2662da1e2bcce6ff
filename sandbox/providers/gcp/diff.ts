import { findResourceType, type PropertyType } from "./catalogue";
import { isSameResource } from "../../cloud/handlers/compute/names";
import type { JsonObject } from "../../cloud/json";
import type { Difference, PropertyChange } from "../provider";
import type { Segment } from "../property-path";
import { isList, isObject, type Properties, type PropertyValue } from "../property-values";
import { DEFAULTS, defaultedNames } from "./defaults";
import { findMappedType } from "./mapped/all";
import type { MappedType } from "./mapped/mapped-type";
import { sameText } from "./mapped/properties";

/**
 * Compares checked inputs with those of the existing resource, property by property. A change replaces the resource if the property's type
 * requires it. Adding or removing a nested object also replaces the resource if one of its fields does, like Terraform's "force new".
 */
export function diffInputs(type: string, oldInputs: Properties, inputs: Properties): Difference {
    const fields = findResourceType(type)?.inputs ?? {};
    const found: PropertyChange[] = [];
    diffFields(oldInputs, inputs, fields, [], found);
    const facts = findMappedType(type);
    // Unknown values compare as any other.
    const replacing = facts?.replaces?.(oldInputs as JsonObject, inputs as JsonObject) ?? [];
    const changes = found
        .filter(({ path }) => facts === undefined || !isIgnored(facts, String(path[0]), oldInputs, inputs))
        .map((change) => (replacing.includes(String(change.path[0])) ? { ...change, replaces: true } : change));
    const replaces = changes.some((change) => change.replaces);
    return { changes, deleteBeforeReplace: replaces && keepsItsName(type, oldInputs, inputs) };
}

/** If the program sets the same name for both, the replacement cannot be created before the old resource is deleted. */
function keepsItsName(type: string, oldInputs: Properties, inputs: Properties): boolean {
    const property = findMappedType(type)?.name?.property;
    if (property === undefined || findResourceType(type)?.inputs[property]?.required === true) {
        return false;
    }
    return inputs[property] === oldInputs[property] && !defaultedNames(inputs).includes(property);
}

function diffFields(
    olds: Properties,
    news: Properties,
    types: Readonly<Record<string, PropertyType>>,
    path: readonly Segment[],
    changes: PropertyChange[],
): void {
    for (const name of new Set([...Object.keys(olds), ...Object.keys(news)])) {
        const type = types[name];
        if (type === undefined || (path.length === 0 && name === DEFAULTS)) {
            continue;
        }
        diffValue(olds[name] ?? undefined, news[name] ?? undefined, type, [...path, name], changes);
    }
}

/**
 * Whether the official provider sees no change of an input: one of the values is absent and the other is the default, the program no longer
 * sets a value that the API fills in otherwise, or a text differs in case that does not matter.
 */
function isIgnored(
    { defaults = {}, ignoresCase = [], optionalComputed }: MappedType,
    name: string,
    olds: Properties,
    news: Properties,
): boolean {
    const [old, value] = [olds[name] ?? undefined, news[name] ?? undefined];
    const isDefault = (old === undefined) !== (value === undefined) && (old ?? value) === defaults[name] && name in defaults;
    return isDefault || (value === undefined && optionalComputed.includes(name)) || (ignoresCase.includes(name) && sameText(old, value));
}

function diffValue(
    old: PropertyValue | undefined,
    value: PropertyValue | undefined,
    type: PropertyType,
    path: readonly Segment[],
    changes: PropertyChange[],
): void {
    if (isNothing(old, type) && isNothing(value, type)) {
        return;
    }
    const replaces = type.replaces === true;
    if (old === undefined || value === undefined) {
        const comesOrGoes = old ?? value;
        changes.push({ path, kind: old === undefined ? "add" : "delete", replaces: replaces || replacesInside(comesOrGoes, type) });
        return;
    }
    const element: PropertyType = typeof type.type === "string" ? type : { ...type, type: type.type[1] };
    if (isList(old) && isList(value)) {
        for (let position = 0; position < Math.max(old.length, value.length); position++) {
            diffValue(old[position], value[position], element, [...path, position], changes);
        }
    } else if (isObject(old) && isObject(value)) {
        if (type.fields !== undefined) {
            diffFields(old, value, type.fields, path, changes);
        } else {
            for (const key of new Set([...Object.keys(old), ...Object.keys(value)])) {
                diffValue(old[key], value[key], element, [...path, key], changes);
            }
        }
    } else if (old !== value && !isSameResource(old, value)) {
        changes.push({ path, kind: "update", replaces: replaces || replacesInside(old, type) });
    }
}

/** An empty list or map equals an absent one. An empty object does not, because its presence may enable a feature. */
function isNothing(value: PropertyValue | undefined, { type }: PropertyType): boolean {
    if (value === undefined) {
        return true;
    }
    if (typeof type === "string") {
        return false;
    }
    return isList(value) ? value.length === 0 : isObject(value) && Object.keys(value).length === 0;
}

function replacesInside(value: PropertyValue | undefined, type: PropertyType): boolean {
    if (isList(value)) {
        return value.some((item) => replacesInside(item, type));
    }
    if (!isObject(value) || type.fields === undefined) {
        return false;
    }
    return Object.entries(type.fields).some(([name, field]) => {
        const inner = value[name];
        return inner !== undefined && inner !== null && (field.replaces === true || replacesInside(inner, field));
    });
}

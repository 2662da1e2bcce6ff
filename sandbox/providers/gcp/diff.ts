import { findResourceType, type PropertyType } from "./catalogue";
import { isSameResource } from "../../cloud/handlers/compute/names";
import type { JsonObject } from "../../cloud/json";
import { diffValues } from "../diff-values";
import type { Difference, PropertyChange } from "../provider";
import type { Segment } from "../property-path";
import { isList, isObject, type Properties, type PropertyValue } from "../property-values";
import { defaultedNames } from "./defaults";
import { findMappedType } from "./mapped/all";
import type { MappedType } from "./mapped/mapped-type";
import { sameText } from "./mapped/properties";

/**
 * Compares checked inputs with those of the existing resource, property by property. A change replaces the resource if the property's type
 * requires it. Adding or removing a nested object also replaces the resource if one of its fields does, like Terraform's "force new".
 */
export function diffInputs(type: string, oldInputs: Properties, inputs: Properties): Difference {
    const fields = findResourceType(type)?.inputs ?? {};
    const facts = findMappedType(type);
    // Unknown values compare as any other.
    const replacing = facts?.replaces?.(oldInputs as JsonObject, inputs as JsonObject) ?? [];
    const changes = diffValues(oldInputs, inputs).flatMap((change): PropertyChange[] => {
        const [name] = change.path.map(String);
        const property = typeAt(fields, change.path);
        const [old, value] = [oldInputs, inputs].map((properties) => valueAt(properties, change.path));
        if (name === undefined || property === undefined || isEquivalent(old, value, property)) {
            return [];
        }
        if (facts !== undefined && isIgnored(facts, name, oldInputs, inputs)) {
            return [];
        }
        return [{ ...change, replaces: replacing.includes(name) || property.replaces === true || replacesInside(old ?? value, property) }];
    });
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

/** Returns the type of a nested property; undefined if it does not exist. A free-form object has its type at every depth. */
function typeAt(types: Readonly<Record<string, PropertyType>>, [name = "", ...rest]: readonly Segment[]): PropertyType | undefined {
    return rest.reduce<PropertyType | undefined>((type, segment) => {
        if (type === undefined || typeof type.type === "string") {
            return type?.fields === undefined ? type : type.fields[segment];
        }
        return { ...type, type: type.type[1] };
    }, types[name]);
}

function valueAt(properties: Properties, path: readonly Segment[]): PropertyValue | undefined {
    return path.reduce<PropertyValue | undefined>((value, segment) => {
        if (isList(value)) {
            return value[Number(segment)];
        }
        return isObject(value) ? (value[segment] ?? undefined) : undefined;
    }, properties);
}

/**
 * Whether two different values mean the same: an empty list or map equals an absent one, and resources of Compute Engine have several names.
 * An empty object does not equal an absent one, because its presence may enable a feature.
 */
function isEquivalent(old: PropertyValue | undefined, value: PropertyValue | undefined, { type }: PropertyType): boolean {
    const isNothing = (side: PropertyValue | undefined): boolean =>
        side === undefined || (typeof type !== "string" && typeof side === "object" && Object.keys(side ?? {}).length === 0);
    return (isNothing(old) && isNothing(value)) || isSameResource(old, value);
}

/**
 * Whether the official provider sees no change of an input: one of the values is absent and the other is the default, the program no longer
 * sets a value that the API fills in otherwise, or a text differs in case that does not matter.
 */
function isIgnored(
    { defaults = {}, ignoresCase = [], optionalComputed = [] }: MappedType,
    name: string,
    olds: Properties,
    news: Properties,
): boolean {
    const [old, value] = [olds[name] ?? undefined, news[name] ?? undefined];
    const isDefault = (old === undefined) !== (value === undefined) && (old ?? value) === defaults[name] && name in defaults;
    return isDefault || (value === undefined && optionalComputed.includes(name)) || (ignoresCase.includes(name) && sameText(old, value));
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

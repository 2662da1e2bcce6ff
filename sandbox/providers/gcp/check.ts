import { closest } from "fastest-levenshtein";
import { findResourceType, type PropertyType, type ScalarType } from "./catalogue";
import type { CheckFailure, Checked, CheckRequest } from "../provider";
import { formatPath, type Segment } from "../property-path";
import { isList, isObject, type Properties, type PropertyValue, UNKNOWN } from "../property-values";
import { DEFAULTS, fillIn, type ProviderConfig } from "./defaults";
import { findMappedType, unsupported } from "./mapped/all";
import { withoutDefaults } from "./outputs";

/**
 * Fills in defaults and validates the inputs against the type's properties: required and unknown properties, types, and name patterns.
 * Reports all problems, each with its path and the expected value.
 */
export function checkInputs(request: CheckRequest, config: ProviderConfig): Checked {
    const type = findResourceType(request.type);
    const facts = findMappedType(request.type);
    if (type === undefined || facts === undefined) {
        return { inputs: request.inputs, failures: [{ property: "", reason: unsupported(request.type) }] };
    }
    const given = withoutDefaults(request.inputs);
    const filled = fillIn({ ...request, types: type.inputs, facts, config, logicalName: request.name, inputs: given });
    const failures: CheckFailure[] = [];
    const inputs = checkFields({ ...given, ...filled }, type.inputs, [], failures);
    if (type.inputs.project?.required !== true && "project" in type.inputs && inputs.project === undefined) {
        failures.push({
            property: "project",
            reason: "no project is set: `pulumi config set gcp:project <project id>` sets one for the stack",
        });
    }
    if (facts.name !== undefined) {
        const { property, pattern, maxLength, rule } = facts.name;
        const name = inputs[property];
        if (typeof name === "string" && (name.length > maxLength || !pattern.test(name))) {
            failures.push({ property, reason: `"${name}" is not a valid name: expected ${rule}, at most ${maxLength} characters` });
        }
    }
    return { inputs: { ...inputs, [DEFAULTS]: Object.keys(filled).sort() }, failures };
}

function checkFields(
    given: Properties,
    types: Readonly<Record<string, PropertyType>>,
    path: readonly Segment[],
    failures: CheckFailure[],
): Record<string, PropertyValue> {
    const checked: Record<string, PropertyValue> = {};
    for (const [name, value] of Object.entries(given)) {
        const type = types[name];
        if (value === undefined || value === null) {
            continue;
        }
        if (type === undefined) {
            fail(failures, [...path, name], `this property does not exist; the nearest is ${closest(name, Object.keys(types))}`);
        } else {
            checked[name] = checkValue(value, type, [...path, name], failures);
        }
    }
    for (const [name, type] of Object.entries(types)) {
        if (type.required === true && checked[name] === undefined) {
            fail(failures, [...path, name], `missing required property: expected ${describe(type.type)}`);
        }
    }
    return checked;
}

function checkValue(value: PropertyValue, type: PropertyType, path: readonly Segment[], failures: CheckFailure[]): PropertyValue {
    if (value === UNKNOWN) {
        return value;
    }
    if (typeof type.type === "string") {
        return checkScalar(value, type.type, type.fields, path, failures);
    }
    const [collection, element] = type.type;
    if (collection === "array" && isList(value)) {
        return value.map((item, position) => checkScalar(item, element, type.fields, [...path, position], failures));
    }
    if (collection === "map" && isObject(value)) {
        const items = Object.entries(value).filter(
            (entry): entry is [string, PropertyValue] => entry[1] !== undefined && entry[1] !== null,
        );
        return Object.fromEntries(items.map(([key, item]) => [key, checkScalar(item, element, type.fields, [...path, key], failures)]));
    }
    fail(failures, path, `expected ${describe(type.type)}, got ${describeValue(value)}`);
    return value;
}

function checkScalar(
    value: PropertyValue,
    type: ScalarType,
    fields: Readonly<Record<string, PropertyType>> | undefined,
    path: readonly Segment[],
    failures: CheckFailure[],
): PropertyValue {
    if (value === UNKNOWN) {
        return value;
    }
    if (type === "object" && isObject(value)) {
        return fields === undefined ? value : checkFields(value, fields, path, failures);
    }
    const fits = type === "integer" ? Number.isSafeInteger(value) : type !== "object" && typeof value === type;
    if (!fits) {
        fail(failures, path, `expected ${describe(type)}, got ${describeValue(value)}`);
    }
    return value;
}

function fail(failures: CheckFailure[], path: readonly Segment[], reason: string): void {
    failures.push({ property: formatPath(path), reason });
}

const KINDS: Readonly<Record<ScalarType, readonly [one: string, several: string]>> = {
    boolean: ["true or false", "booleans"],
    integer: ["a whole number", "whole numbers"],
    number: ["a number", "numbers"],
    object: ["an object", "objects"],
    string: ["a string", "strings"],
};

function describe(type: PropertyType["type"]): string {
    if (typeof type === "string") {
        return KINDS[type][0];
    }
    return `a ${type[0] === "array" ? "list" : "map"} of ${KINDS[type[1]][1]}`;
}

function describeValue(value: PropertyValue): string {
    if (value === null) {
        return "nothing";
    }
    if (isList(value)) {
        return "a list";
    }
    if (isObject(value)) {
        return "an object";
    }
    if (typeof value === "string") {
        return `the string "${value}"`;
    }
    return typeof value === "object" ? "a secret" : `the ${typeof value} ${String(value)}`;
}

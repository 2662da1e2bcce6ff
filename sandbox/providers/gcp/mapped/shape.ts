import type { PropertyType } from "../catalogue";
import { isJsonList, isJsonObject, type JsonObject, type JsonValue, objectAt, valueAt } from "../../../cloud/json";

/** How the API's JSON differs in form from a type's properties. Property paths have dots and no list indexes. */
export interface Shape {
    /** Top-level properties that the API nests: property → path of the API. */
    readonly moved?: Readonly<Record<string, string>>;
    /** Nested properties with another name in the API: property path → path of the API, from the property's parent. */
    readonly renamed?: Readonly<Record<string, string>>;
    /** Properties with another type in the API, by property path. */
    readonly converted?: Readonly<Record<string, Conversion>>;
    /** Nested properties that are not sent and not read, by property path. */
    readonly local?: readonly string[];
}

/** Conversion between a property and a field. Undefined is an absent value. */
export interface Conversion {
    toApi(value: JsonValue): JsonValue | undefined;
    fromApi(value: JsonValue): JsonValue | undefined;
}

type Types = Readonly<Record<string, PropertyType>>;

/** Returns properties in the form of the API. */
export function toApi(properties: JsonObject, shape: Shape): JsonObject {
    return Object.entries(properties).reduce<JsonObject>((body, [name, value]) => {
        const converted = encode(value, name, shape);
        return converted === undefined ? body : put(body, shape.moved?.[name]?.split(".") ?? [name], converted);
    }, {});
}

/**
 * Returns a body of the API in the form of properties. Fields that no property has are omitted.
 * @param types the type's properties
 */
export function fromApi(body: JsonObject, types: Types, shape: Shape): JsonObject {
    return fieldsOf(types, "", shape, (name) => valueAt(body, ...(shape.moved?.[name] ?? name).split(".")));
}

function encode(value: JsonValue | undefined, path: string, shape: Shape): JsonValue | undefined {
    const conversion = shape.converted?.[path];
    if (value === undefined || value === null || shape.local?.includes(path) === true) {
        return undefined;
    }
    if (conversion !== undefined) {
        return conversion.toApi(value);
    }
    if (isJsonList(value)) {
        return value.flatMap((item) => encode(item, path, shape) ?? []);
    }
    if (!isJsonObject(value)) {
        return value;
    }
    return Object.entries(value).reduce<JsonObject>((body, [name, inner]) => {
        const at = `${path}.${name}`;
        const encoded = encode(inner, at, shape);
        // Keys of maps, such as labels, can contain dots.
        return encoded === undefined ? body : put(body, shape.renamed?.[at]?.split(".") ?? [name], encoded);
    }, {});
}

function put(body: JsonObject, [name = "", ...rest]: readonly string[], value: JsonValue): JsonObject {
    const inner = body[name];
    return { ...body, [name]: rest.length === 0 ? value : put(objectAt(inner), rest, value) };
}

function fieldsOf(types: Types, path: string, shape: Shape, read: (name: string) => JsonValue | undefined): JsonObject {
    return Object.fromEntries(
        Object.entries(types).flatMap(([name, type]) => {
            const value = read(name);
            const decoded = value === undefined ? undefined : decode(value, type, path === "" ? name : `${path}.${name}`, shape);
            return decoded === undefined ? [] : [[name, decoded]];
        }),
    );
}

function decode(value: JsonValue, type: PropertyType, path: string, shape: Shape): JsonValue | undefined {
    const conversion = shape.converted?.[path];
    if (shape.local?.includes(path) === true) {
        return undefined;
    }
    if (conversion !== undefined) {
        return conversion.fromApi(value);
    }
    const element = typeof type.type === "string" ? type.type : type.type[1];
    if (isJsonList(value)) {
        return value.flatMap((item) => decode(item, type, path, shape) ?? []);
    }
    // 64-bit numbers are strings in JSON.
    if (element === "integer" && typeof value === "string") {
        return Number(value);
    }
    const { fields } = type;
    if (!isJsonObject(value) || fields === undefined) {
        return value;
    }
    return fieldsOf(fields, path, shape, (name) => valueAt(value, ...(shape.renamed?.[`${path}.${name}`] ?? name).split(".")));
}

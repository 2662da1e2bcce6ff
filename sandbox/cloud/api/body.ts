import type { Document, Schema } from "../discovery/document";
import { isJsonList, isJsonObject, type JsonObject, type JsonValue } from "../json";
import { badRequest, type Violation } from "./api-error";
import { propertyNamed, protoName } from "./names";

/**
 * Validates a request body against its schema and returns it as the API stores it: JSON names, enum values by name, no read-only fields
 * and, as in proto3 JSON, no fields with default values.
 * @param keepsDefaults as in `ApiService`; if true, the result also contains `null`
 * @throws ApiError that lists all unknown fields and invalid values
 */
export function normalizeBody(
    document: Document,
    schemaName: string,
    body: JsonValue,
    keepsDefaults: true | readonly string[] = [],
): JsonObject {
    const violations: Violation[] = [];
    // The body is either a request message or a field of one that holds the resource.
    const field = schemaName.endsWith("Request") ? "" : protoName(schemaName).replace(/^_/, "");
    const value = new Reader(document, violations, keepsDefaults === true, keepsDefaults === true ? [] : keepsDefaults).read(
        body,
        { $ref: schemaName },
        field,
    );
    if (violations.length > 0) {
        throw badRequest(violations);
    }
    return value as JsonObject;
}

class Reader {
    constructor(
        private readonly document: Document,
        private readonly violations: Violation[],
        private readonly keepsDefaults: boolean,
        /** Fields that keep a default value even so. */
        private readonly optional: readonly string[],
    ) {}

    /** @returns undefined for a value that is equivalent to an absent one */
    read(value: JsonValue, schema: Schema, at: string): JsonValue | undefined {
        if (value === null) {
            return this.keepsDefaults ? null : undefined;
        }
        if (schema.$ref !== undefined) {
            const target = this.document.schemas[schema.$ref] ?? {};
            return this.read(value, target, at);
        }
        switch (schema.type) {
            case "object":
                return this.readObject(value, schema, at);
            case "array":
                return this.readList(value, schema, at);
            case "any":
            case undefined:
                return value;
            default: {
                const scalar = scalarOf(value, schema);
                if (scalar === undefined) {
                    this.misfit(value, schema, at);
                }
                return isDefault(scalar, schema) && !this.keepsDefaults ? undefined : scalar;
            }
        }
    }

    private readObject(value: JsonValue, schema: Schema, at: string): JsonValue | undefined {
        if (!isJsonObject(value)) {
            this.misfit(value, schema, at);
            return undefined;
        }
        const result: Record<string, JsonValue> = {};
        const { properties = {}, additionalProperties } = schema;
        for (const [name, inner] of Object.entries(value)) {
            if (inner === undefined) {
                continue;
            }
            const property = propertyNamed(name, properties);
            if (property === undefined && additionalProperties !== undefined) {
                // Map values are kept even if they are defaults.
                const element = this.read(inner, additionalProperties, `${at}[${name}]`);
                result[name] = element === undefined ? (additionalProperties.type === "string" ? "" : {}) : element;
            } else if (property === undefined) {
                const where = at === "" ? "" : ` at '${at}'`;
                const description = `Invalid JSON payload received. Unknown name "${name}"${where}: Cannot find field.`;
                this.violations.push({ field: at, description });
            } else {
                const type = properties[property] ?? {};
                const value = this.read(inner, type, at === "" ? protoName(property) : `${at}.${protoName(property)}`);
                const isKept = value === undefined && inner !== null && this.optional.includes(property);
                const read = isKept ? scalarOf(inner, type) : value;
                if (read !== undefined && type.readOnly !== true) {
                    result[property] = read;
                }
            }
        }
        const isDefault = additionalProperties !== undefined && Object.keys(result).length === 0;
        return isDefault && !this.keepsDefaults ? undefined : result;
    }

    private readList(value: JsonValue, { items = {} }: Schema, at: string): JsonValue | undefined {
        if (!isJsonList(value)) {
            this.misfit(value, { type: "array" }, at);
            return undefined;
        }
        const list = value.map((item, position) => this.read(item, items, `${at}[${position}]`) ?? item);
        return list.length === 0 && !this.keepsDefaults ? undefined : list;
    }

    private misfit(value: JsonValue, schema: Schema, at: string): void {
        const shown = typeof value === "object" ? "" : `, ${JSON.stringify(value)}`;
        this.violations.push({ field: at, description: `Invalid value at '${at}' (${typeName(schema)})${shown}` });
    }
}

/**
 * Returns the value as the API stores it, or undefined if it is invalid. Numbers may be strings; 64-bit numbers are always stored as
 * strings.
 */
export function scalarOf(value: JsonValue, schema: Schema): boolean | number | string | undefined {
    const { type, format, enum: names, numbers } = schema;
    if (names !== undefined) {
        // Google's APIs ignore the case of names: https://cloud.google.com/artifact-registry/docs/repositories/cleanup-policy has "Delete" for DELETE,
        // and the official provider ignores it in the `format` of a repository.
        const isNamed = (name: string): boolean => typeof value === "string" && name.toUpperCase() === value.toUpperCase();
        return typeof value === "number" ? names[numbers?.indexOf(value) ?? -1] : names.find(isNamed);
    }
    if (type === "boolean") {
        return typeof value === "boolean" ? value : undefined;
    }
    if (type === "string" && (format === "int64" || format === "uint64")) {
        const digits = typeof value === "number" ? `${value}` : value;
        return typeof digits === "string" && /^-?\d+$/.test(digits) ? digits : undefined;
    }
    if (type === "string") {
        if (typeof value !== "string" || !fitsFormat(value, format)) {
            return undefined;
        }
        // Clients may send the URL-safe alphabet, as gcloud does. https://protobuf.dev/programming-guides/json/
        return format === "byte" ? Buffer.from(value, "base64").toString("base64") : value;
    }
    const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
    return typeof number === "number" && (type === "integer" ? Number.isInteger(number) : Number.isFinite(number)) ? number : undefined;
}

/** https://protobuf.dev/programming-guides/json/ */
function fitsFormat(value: string, format: string | undefined): boolean {
    if (format === "google-duration") {
        return /^-?\d+(\.\d{1,9})?s$/.test(value);
    }
    if (format === "google-datetime") {
        return !Number.isNaN(Date.parse(value));
    }
    return format !== "byte" || /^[A-Za-z0-9+/_-]*={0,2}$/.test(value);
}

/** By convention, the first value of an enum is its default and ends with `_UNSPECIFIED`. */
function isDefault(value: boolean | number | string | undefined, { enum: names }: Schema): boolean {
    const isUnspecified = value === names?.[0] && String(value).endsWith("_UNSPECIFIED");
    return value === "" || value === 0 || value === false || value === "0" || isUnspecified;
}

/** Name of the type in Google's error messages. */
export function typeName({ type, format, enum: names }: Schema): string {
    if (names !== undefined) {
        return "TYPE_ENUM";
    }
    if (type === "boolean") {
        return "TYPE_BOOL";
    }
    if (type === "string" && format !== undefined && /^(u?int64|byte)$/.test(format)) {
        return format === "byte" ? "TYPE_BYTES" : `TYPE_${format.toUpperCase()}`;
    }
    if (format === "google-duration" || format === "google-datetime") {
        return `type.googleapis.com/google.protobuf.${format === "google-duration" ? "Duration" : "Timestamp"}`;
    }
    const named = { array: "TYPE_LIST", integer: "TYPE_INT32", number: "TYPE_DOUBLE", object: "TYPE_MESSAGE", string: "TYPE_STRING" };
    return type === undefined || type === "any" ? "TYPE_MESSAGE" : named[type];
}

import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

/**
 * Placeholder for a value that is unknown until the update, such as an output of a resource that does not exist yet. Only occurs in
 * previews.
 */
export const UNKNOWN: unique symbol = Symbol("unknown");

const SECRET: unique symbol = Symbol("secret");

/** A value that the engine must encrypt in the state and mask in the output. Providers return secrets but never receive them. */
export interface Secret {
    readonly [SECRET]: PropertyValue;
}

/** Marks a value as a secret. */
export function secret(value: PropertyValue): Secret {
    return { [SECRET]: value };
}

/** Any property value, in plain JavaScript. */
export type PropertyValue = null | boolean | number | string | typeof UNKNOWN | Secret | readonly PropertyValue[] | Properties;

/** Properties of a resource, of a provider or of a function call. `undefined` equals absent. */
export interface Properties {
    readonly [name: string]: PropertyValue | undefined;
}

// Signatures of the plugin protocol (sdk/go/common/resource/properties.go, sdk/go/common/resource/plugin/rpc.go in pulumi/pulumi).
const MARK = "4dabf18193072939515e22adb298388d";
const SECRET_MARK = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT_MARK = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE_MARK = "5cf8f73096256a8f31e491e813e4eb8e";
const UNKNOWN_TEXTS: ReadonlySet<string> = new Set([
    "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7", // boolean
    "3eeb2bf0-c639-47a8-9e75-3b44932eb421", // number
    "04da6b54-80e4-46f7-96ec-b56ff0331ba9", // string
    "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2", // array
    "030794c1-ac77-496b-92df-f27374a8bd58", // asset
    "e48ece36-62e2-4504-bad9-02848725956a", // archive
    "dd056dcd-154b-4c76-9bd3-c8f88648b5ff", // object
]);
const UNKNOWN_TEXT = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Whether the value is an object with named fields, not a list, a secret or null. */
export function isObject(value: PropertyValue | undefined): value is Properties {
    return typeof value === "object" && value !== null && !Array.isArray(value) && !(SECRET in value);
}

/** Whether the value is a list. */
export function isList(value: PropertyValue | undefined): value is readonly PropertyValue[] {
    return Array.isArray(value);
}

/** Returns the value without its secret mark, if it has one. */
export function reveal(value: PropertyValue): PropertyValue {
    return isSecret(value) ? value[SECRET] : value;
}

function isSecret(value: PropertyValue | undefined): value is Secret {
    return typeof value === "object" && value !== null && SECRET in value;
}

/** Whether the value is unknown or contains an unknown at any depth. */
export function containsUnknown(value: PropertyValue | undefined): boolean {
    if (value === UNKNOWN) {
        return true;
    }
    if (isSecret(value)) {
        return containsUnknown(value[SECRET]);
    }
    if (isList(value)) {
        return value.some(containsUnknown);
    }
    return isObject(value) && Object.values(value).some(containsUnknown);
}

/** Decodes the properties of a request. An absent message has no properties. @throws Error if a property is an asset or an archive */
export function decodeProperties(message: Struct | undefined): Record<string, PropertyValue> {
    return message === undefined ? {} : decodeFields(message.toJavaScript());
}

/** Encodes properties for a response. */
export function encodeProperties(properties: Properties): Struct {
    return Struct.fromJavaScript(encodeFields(properties));
}

function decodeFields(fields: Record<string, unknown>): Record<string, PropertyValue> {
    return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, decode(value)]));
}

function decode(value: unknown): PropertyValue {
    if (typeof value === "string") {
        return UNKNOWN_TEXTS.has(value) ? UNKNOWN : value;
    }
    if (Array.isArray(value)) {
        return value.map(decode);
    }
    if (typeof value !== "object" || value === null) {
        return value as boolean | number | null;
    }
    const fields = value as Record<string, unknown>;
    switch (fields[MARK]) {
        case undefined:
            return decodeFields(fields);
        case SECRET_MARK:
            // The engine unwraps secrets and marks the outputs again by itself; only Configure still receives them wrapped.
            return decode(fields.value);
        case OUTPUT_MARK:
            return "value" in fields ? decode(fields.value) : UNKNOWN;
        case RESOURCE_MARK:
            return decode(fields.id ?? fields.urn);
        default:
            throw new Error("assets and archives are not supported by this provider");
    }
}

function encodeFields(fields: Properties): Record<string, JavaScriptValue> {
    const encoded: Record<string, JavaScriptValue> = {};
    for (const [name, value] of Object.entries(fields)) {
        if (value !== undefined) {
            encoded[name] = encode(value);
        }
    }
    return encoded;
}

function encode(value: PropertyValue): JavaScriptValue {
    if (value === UNKNOWN) {
        return UNKNOWN_TEXT;
    }
    if (isSecret(value)) {
        return { [MARK]: SECRET_MARK, value: encode(value[SECRET]) };
    }
    if (isList(value)) {
        return value.map(encode);
    }
    return isObject(value) ? encodeFields(value) : value;
}

// Each field has a protocol buffer name and a JSON name. https://protobuf.dev/programming-guides/json/

/** `repositoryId` → `repository_id`. */
export function protoName(jsonName: string): string {
    return jsonName.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** `repository_id` → `repositoryId`. */
export function jsonName(protoName: string): string {
    return protoName.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** Finds a property by its JSON name or its proto name; Google's APIs accept both. Returns undefined if no property matches. */
export function propertyNamed(name: string, properties: Readonly<Record<string, unknown>>): string | undefined {
    return [name, jsonName(name)].find((candidate) => Object.hasOwn(properties, candidate));
}

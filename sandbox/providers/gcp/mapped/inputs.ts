import { type JsonObject, textOrEmpty } from "../../../cloud/json";

/**
 * Returns an input that is part of a resource's ID.
 * @throws Error if it is missing, as a region that neither the program nor the provider's configuration sets
 */
export function required(inputs: JsonObject, property: string): string {
    const text = textOrEmpty(inputs[property]);
    if (text === "") {
        throw new Error(`Required field '${property}' not specified`);
    }
    return text;
}

import { type JsonObject, textOrEmpty } from "../../../cloud/json";

const PLACEHOLDER = /\{(\w+)\}/g;
/** What a URL or a full resource name has before the name that IDs contain. */
const HOST = /^(https:\/\/[^/]+\/(compute\/)?v\d+\/|\/\/[^/]+\/)/;

/** Names of resources that consist of inputs. */
export interface NameTemplate {
    /** Names of the inputs. */
    readonly inputs: readonly string[];
    /**
     * Returns the name for these inputs. An input can be a full name or a URL: then it includes what the template has before it.
     * @throws Error if an input is missing, such as a region that neither the program nor the provider's configuration sets
     */
    readonly fill: (inputs: JsonObject) => string;
    /** Returns the inputs in a name. */
    readonly parse: (name: string) => JsonObject;
}

/** Reads a template such as `projects/{project}/secrets/{secretId}`. */
export function nameTemplate(template: string): NameTemplate {
    const placeholders = Array.from(template.matchAll(PLACEHOLDER), ({ index, 1: property = "" }) => ({ index, property }));
    const pattern = new RegExp(`^${template.replaceAll(PLACEHOLDER, "(.+)")}`);
    return {
        inputs: placeholders.map(({ property }) => property),
        fill: (inputs) => {
            const full = placeholders.findLast(({ property }) => textOrEmpty(inputs[property]).includes("/"));
            return template
                .slice(full?.index)
                .replaceAll(PLACEHOLDER, (_, property: string) => required(inputs, property).replace(HOST, ""));
        },
        parse: (name) => {
            const [, ...values] = pattern.exec(name) ?? [];
            return Object.fromEntries(placeholders.map(({ property }, position) => [property, values[position]]));
        },
    };
}

/** Returns an input that is a part of a name. @throws Error if it is missing */
export function required(inputs: JsonObject, property: string): string {
    const text = textOrEmpty(inputs[property]);
    if (text === "") {
        throw new Error(`Required field '${property}' not specified`);
    }
    return text;
}

import { isDeepStrictEqual } from "node:util";
import { projectName } from "../config/problem";

/** Token of a component, as in its constructor, or of a type of its inputs. */
export const tokenOf = (name: string): string => `${projectName}:index:${name}`;

/** The part of JSON Schema that the schemas of the components use. */
export interface JsonSchema {
    readonly type?: "string" | "integer" | "boolean" | "array" | "object";
    readonly description?: string;
    readonly default?: unknown;
    readonly enum?: readonly string[];
    readonly items?: JsonSchema;
    readonly anyOf?: readonly JsonSchema[];
    readonly properties?: Readonly<Record<string, JsonSchema>>;
    readonly required?: readonly string[];
    readonly additionalProperties?: JsonSchema;
}

/** A type of Pulumi's package schema. https://www.pulumi.com/docs/iac/guides/building-extending/packages/schema/ */
type TypeSpec = { readonly plain?: true } & (
    | { readonly type: "string" | "integer" | "boolean" }
    | { readonly type: "array"; readonly items: TypeSpec }
    | { readonly type: "object"; readonly additionalProperties: TypeSpec }
    | { readonly oneOf: readonly TypeSpec[] }
    | { readonly $ref: string }
);
type PropertySpec = TypeSpec & { readonly description?: string | undefined; readonly default?: string | number | boolean };
export interface ObjectSpec {
    readonly properties: Readonly<Record<string, PropertySpec>>;
    readonly required: readonly string[];
}
export type NamedSpec =
    (ObjectSpec & { readonly type: "object" }) | { readonly type: "string"; readonly enum: readonly { readonly value: string }[] };

/** Whether values are plain: they cannot be outputs of resources. */
export interface Plainness {
    readonly plain?: true;
}

/**
 * Pulumi names every object and every enumeration. A name is the last word of its path, or more words of the path if that name is taken. If all are
 * taken, `Settings` is added to the whole path.
 */
export class NamedTypes {
    private readonly named = new Map<string, NamedSpec>();

    /** @param taken names of resources, which a type must not have: languages put both into one namespace */
    constructor(private readonly taken: readonly string[]) {}

    all(): Readonly<Record<string, NamedSpec>> {
        return Object.fromEntries([...this.named].map(([name, spec]) => [tokenOf(name), spec]));
    }

    object(node: JsonSchema, path: readonly string[], plainness: Plainness): ObjectSpec {
        const properties = Object.entries(node.properties ?? {}).map(([name, property]): [string, PropertySpec] => [
            name,
            {
                ...this.typeOf(property, [...path, name], plainness),
                description: property.description,
                ...(isScalar(property.default) ? { default: property.default } : {}),
            },
        ]);
        return { properties: Object.fromEntries(properties), required: node.required ?? [] };
    }

    private typeOf(node: JsonSchema, path: readonly string[], plainness: Plainness): TypeSpec {
        if (node.anyOf !== undefined) {
            return { oneOf: flattened(node.anyOf).map((option) => this.typeOf(option, optionPath(option, path), plainness)), ...plainness };
        }
        if (node.enum !== undefined) {
            return { ...this.name(path, { type: "string", enum: node.enum.map((value) => ({ value })) }), ...plainness };
        }
        if (node.properties !== undefined) {
            return { ...this.name(path, { type: "object", ...this.object(node, path, plainness) }), ...plainness };
        }
        switch (node.type) {
            case "array":
                return {
                    type: "array",
                    items: this.typeOf(node.items ?? {}, [...path.slice(0, -1), singular(path.at(-1) ?? "")], plainness),
                    ...plainness,
                };
            case "object":
                return {
                    type: "object",
                    additionalProperties: this.typeOf(node.additionalProperties ?? {}, path, plainness),
                    ...plainness,
                };
            case "string":
            case "integer":
            case "boolean":
                return { type: node.type, ...plainness };
            default:
                throw new Error(`${path.join(".")}: no type of Pulumi's package schema stands for ${JSON.stringify(node)}`);
        }
    }

    private name(path: readonly string[], spec: NamedSpec): { readonly $ref: string } {
        const words = path.map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
        const name = [...words.map((_, index) => words.slice(-index - 1).join("")), `${words.join("")}Settings`].find(
            (candidate) => !this.taken.includes(candidate) && isDeepStrictEqual(this.named.get(candidate) ?? spec, spec),
        );
        if (name === undefined) {
            throw new Error(`${path.join(".")}: another type or component has this name`);
        }
        this.named.set(name, spec);
        return { $ref: `#/types/${tokenOf(name)}` };
    }
}

const isScalar = (value: unknown): value is string | number | boolean => ["string", "number", "boolean"].includes(typeof value);

/** A union in a union is one union. */
const flattened = (options: readonly JsonSchema[]): readonly JsonSchema[] =>
    options.flatMap((option) => (option.anyOf === undefined ? [option] : flattened(option.anyOf)));

/** The objects of a union are told apart by their first property. */
const optionPath = ({ properties }: JsonSchema, path: readonly string[]): readonly string[] =>
    properties === undefined ? path : [...path, ...Object.keys(properties).slice(0, 1)];

const singular = (word: string): string => word.replace(/s$/, "");

import { z } from "zod";

/** The part of JSON Schema that describes valid values. */
export interface SchemaNode {
    readonly type?: string;
    readonly format?: string;
    readonly properties?: Readonly<Record<string, SchemaNode>>;
    readonly additionalProperties?: SchemaNode | boolean;
    readonly required?: readonly string[];
    readonly items?: SchemaNode;
    readonly anyOf?: readonly SchemaNode[];
    readonly enum?: readonly string[];
    /** Synonyms of the words in `enum`. */
    readonly aliases?: Readonly<Record<string, string>>;
    readonly default?: unknown;
    readonly examples?: readonly unknown[];
    readonly minimum?: number;
    readonly maximum?: number;
}

/** The JSON Schema of the accepted input. */
export const nodeOf = (schema: z.ZodType): SchemaNode => z.toJSONSchema(schema, { io: "input" }) as SchemaNode;

/** A node and the options of a union. */
export const optionsOf = (node: SchemaNode | undefined): readonly SchemaNode[] =>
    node === undefined ? [] : [node, ...(node.anyOf ?? []).flatMap(optionsOf)];

/** The node of an element or a property. Only own properties count: `toString` is a key like any other. */
export function childOf(node: SchemaNode | undefined, step: string | number): SchemaNode | undefined {
    const children = optionsOf(node).map(({ items, properties = {}, additionalProperties }) => {
        if (typeof step === "number") {
            return items;
        }
        const others = typeof additionalProperties === "object" ? additionalProperties : undefined;
        return Object.hasOwn(properties, step) ? properties[step] : others;
    });
    return children.find((child) => child !== undefined);
}

/** Names of the properties that a node declares. */
export const propertiesOf = (node: SchemaNode | undefined): readonly string[] => [
    ...new Set(optionsOf(node).flatMap(({ properties = {} }) => Object.keys(properties))),
];

import type { Document, Method, Parameter, Schema } from "./document";

/** The fields of a full discovery document that are read here. */
export interface FullDocument {
    readonly id: string;
    readonly title: string;
    readonly revision: string;
    readonly rootUrl: string;
    readonly servicePath: string;
    readonly schemas: Readonly<Record<string, Schema>>;
    readonly resources?: Resources;
}

type Resources = Readonly<Record<string, { readonly methods?: Readonly<Record<string, FullMethod>>; readonly resources?: Resources }>>;

interface FullMethod {
    readonly id: string;
    readonly httpMethod: string;
    readonly path: string;
    readonly parameters?: Readonly<Record<string, Parameter>>;
    readonly request?: { readonly $ref: string };
    readonly response?: { readonly $ref: string };
}

/** Numbers of an enum's values, by name. */
export type EnumNumbers = Readonly<Record<string, number>>;

const KEPT = ["type", "format", "$ref", "enum", "required", "repeated", "pattern", "location", "readOnly"] as const;

/**
 * Reduces a discovery document to some methods and the schemas that they use, without descriptions.
 * @param methodIds IDs of the methods to keep
 * @param enums protocol buffer enums of the API, for clients that send enum numbers
 * @param unlisted as in `ServedApi`
 * @param unlistedOfLists as in `ServedApi`
 * @throws Error if the document does not have one of the methods
 */
export function cutDocument(
    full: FullDocument,
    methodIds: readonly string[],
    enums: readonly EnumNumbers[],
    unlisted: Readonly<Record<string, Schema["properties"]>> = {},
    unlistedOfLists: Readonly<Record<string, Parameter>> = {},
): Document {
    const all = new Map(methodsOf(full.resources).map((method) => [method.id, method]));
    const methods: Record<string, Method> = {};
    const schemas: Record<string, Schema> = {};
    const keep = (name: string): void => {
        const schema = full.schemas[name];
        if (schema === undefined || name in schemas) {
            return;
        }
        const cut = cutSchema({ ...schema, properties: { ...schema.properties, ...unlisted[name] } }, enums);
        schemas[name] = cut;
        references(cut).forEach(keep);
    };
    for (const id of methodIds) {
        const method = all.get(id);
        if (method === undefined) {
            throw new Error(`${full.id} has no method ${id}`);
        }
        const { httpMethod, path, parameters = {}, request, response } = method;
        methods[id] = {
            httpMethod,
            path,
            parameters: Object.fromEntries(
                Object.entries({ ...parameters, ...(/list$/i.test(id) && unlistedOfLists) }).map(([name, parameter]) => [
                    name,
                    cutSchema(parameter, enums) as Parameter,
                ]),
            ),
            ...(request !== undefined && { request: request.$ref }),
        };
        for (const body of [request, response]) {
            if (body !== undefined) {
                keep(body.$ref);
            }
        }
    }
    const { id, title, revision, servicePath } = full;
    return { id, title, revision, host: new URL(full.rootUrl).host, servicePath, methods, schemas };
}

function methodsOf(resources: Resources = {}): readonly FullMethod[] {
    return Object.values(resources).flatMap(({ methods = {}, resources }) => [...Object.values(methods), ...methodsOf(resources)]);
}

function cutSchema(schema: Schema, enums: readonly EnumNumbers[]): Schema {
    const { properties, items, additionalProperties } = schema;
    const numbers = schema.enum === undefined ? undefined : numbersOf(schema.enum, enums);
    return {
        ...Object.fromEntries(KEPT.flatMap((key) => (key in schema ? [[key, schema[key as keyof Schema]]] : []))),
        ...(numbers !== undefined && { numbers }),
        ...(items !== undefined && { items: cutSchema(items, enums) }),
        ...(additionalProperties !== undefined && { additionalProperties: cutSchema(additionalProperties, enums) }),
        ...(properties !== undefined && {
            properties: Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, cutSchema(property, enums)])),
        }),
    };
}

/**
 * Finds the protocol buffer enum that belongs to a schema: all of its values are values of the schema. First values are unique across
 * enums, such as `FORMAT_UNSPECIFIED`.
 */
function numbersOf(values: readonly string[], enums: readonly EnumNumbers[]): readonly (number | null)[] | undefined {
    const same = enums.find(
        (numbers) => values[0] !== undefined && values[0] in numbers && Object.keys(numbers).every((name) => values.includes(name)),
    );
    return same === undefined ? undefined : values.map((name) => same[name] ?? null);
}

function references(schema: Schema): readonly string[] {
    const inner = [...Object.values(schema.properties ?? {}), schema.items, schema.additionalProperties];
    return [schema.$ref, ...inner.flatMap((child) => (child === undefined ? [] : references(child)))].flatMap((name) => name ?? []);
}

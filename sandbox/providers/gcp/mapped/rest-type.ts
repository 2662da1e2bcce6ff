import { isDeepStrictEqual } from "node:util";
import { normalizeBody } from "../../../cloud/api/body";
import { findResourceType } from "../catalogue";
import type { Document } from "../../../cloud/discovery/document";
import { type JsonObject, merged, textOrEmpty } from "../../../cloud/json";
import { parentOf, shortName } from "../../../cloud/resource-name";
import { type ApiClient, Refusal } from "./api-client";
import { type Current, HalfCreated, type MappedType, type TypeFacts } from "./mapped-type";
import type { NameTemplate } from "./name-template";
import { ATTRIBUTION, type PropertyMapping, toBody, toInputs } from "./properties";
import { fromApi, type Shape, toApi } from "./shape";

/** A request to the API. */
export interface Request {
    readonly path: string;
    readonly body: JsonObject;
}

/** A resource type with standard create, get, patch and delete methods. */
export interface RestType extends Partial<PropertyMapping>, TypeFacts {
    /** Type token. */
    readonly token: string;
    /** Ledger type. */
    readonly asset: string;
    readonly document: Document;
    /** Host and version of the API. */
    readonly api: string;
    /** Schema of the request and response bodies. */
    readonly schema: string;
    /** Form of the API's JSON. Default: that of the properties. */
    readonly shape?: Shape;
    /** As in `ApiService`. */
    readonly keepsDefaults?: true | readonly string[];
    /** Adds values that the official provider always sends. Default: none. */
    readonly encode?: (body: JsonObject, inputs: JsonObject) => JsonObject;
    /** Adds values that the official provider reads where the API omits them. Default: none. */
    readonly decode?: (body: JsonObject) => JsonObject;
    /** Fields that change in the ledger without the program. Default: none. */
    readonly ignored?: readonly string[];
    /** The resource's ID. It ends with a slash if the API generates its last part. */
    readonly id: NameTemplate;
    /** Returns the part of the ID that the API generated. Default: it generates none. */
    readonly generated?: (body: JsonObject) => string;
    /** Inputs that are not in the body, for an import. Default: those in the ID. */
    readonly partsOf?: (body: JsonObject, client: ApiClient) => Promise<JsonObject>;
    /** Path of a resource, relative to host and version. Default: its ID. */
    readonly path?: (id: string) => string;
    /** Reads a resource. @param path as in `path`. Default: the API's get method. */
    readonly find?: (client: ApiClient, path: string, id: string) => Promise<JsonObject | undefined>;
    /** Returns the POST request that creates a resource. The path is relative to host and version. Types without one have `change`. */
    readonly createRequest?: (id: string, body: JsonObject, inputs: JsonObject) => Request;
    /** Returns the PATCH request that changes fields. The path is relative to host and version. Default: one with an update mask. */
    readonly patchRequest?: (path: string, body: JsonObject, fields: readonly string[], before: JsonObject) => Request;
    /** Changes a resource by other requests than PATCH, and creates it if no POST request can. @param path begins with the API's host */
    readonly change?: (client: ApiClient, path: string, after: JsonObject, before: JsonObject) => Promise<void>;
    /** Adjusts the current inputs to the program's. @param properties all properties */
    readonly adjust?: (inputs: JsonObject, properties: JsonObject, given: JsonObject) => JsonObject;
    /** Converts a normalized body to the fields that the ledger keeps. Default: all. */
    readonly kept?: (body: JsonObject) => JsonObject;
    /** Whether creation and deletion are long-running operations. Default: false. */
    readonly longRunning?: boolean;
    /** Path of the operations on a resource, after the version, if their names are bare. Default: empty. */
    readonly operations?: (id: string) => string;
    /** Sets what the other requests cannot set. Called after a creation, and after a change with the previous inputs. */
    readonly settle?: (client: ApiClient, name: string, inputs: JsonObject, before: JsonObject) => Promise<void>;
    /** Deletes a resource. Default: the API's delete method. */
    readonly remove?: (client: ApiClient, path: string, inputs: JsonObject) => Promise<void>;
    /** Objects in which the API fills in fields. Default: none. */
    readonly partial?: readonly string[];
    /** Computed outputs that differ from the API fields with the same name. Default: none. */
    readonly computed?: (body: JsonObject) => JsonObject;
}

/** Builds the resource type that the provider uses. */
export function restType(type: RestType): MappedType & { readonly stored: (inputs: JsonObject) => JsonObject } {
    const { token, asset, api, shape, path: pathOf = (id) => id, optionalComputed = [] } = type;
    const id = (inputs: JsonObject): string => type.id.fill({ ...type.defaults, ...inputs });
    const inputTypes = findResourceType(token)?.inputs ?? {};
    const inputNames = Object.keys(inputTypes);
    const fields = type.document.schemas[type.schema]?.properties ?? {};
    const isField = (input: string): boolean => {
        const [field = ""] = (shape?.moved?.[input] ?? input).split(".");
        return field in fields;
    };
    const mapping = { notInBody: inputNames.filter((input) => type.id.inputs.includes(input) || !isField(input)), ...type };
    const bodyOf = (inputs: JsonObject): JsonObject => {
        const body = toBody(inputs, mapping, inputNames.includes("labels"));
        const shaped = shape === undefined ? body : toApi(body, shape);
        return type.encode?.(shaped, inputs) ?? shaped;
    };
    const current = (id: string, body: JsonObject, given: JsonObject, imported = false): Current => {
        const read = type.decode?.(body) ?? body;
        const shaped = shape === undefined ? read : fromApi(read, inputTypes, shape);
        // An import must equal the program, which may set what the API would fill in.
        const skipped = imported && shape !== undefined ? [] : [...optionalComputed, ...(type.partial ?? [])];
        const asGiven = toInputs(shaped, given, mapping, inputNames, skipped, imported);
        const adjusted = imported ? asGiven : (type.adjust?.(asGiven, shaped, given) ?? asGiven);
        const inputs = Object.fromEntries(Object.entries(adjusted).filter(([, value]) => value !== undefined));
        const filledIn = Object.fromEntries(optionalComputed.map((name) => [name, shaped[name]]));
        const written = Object.fromEntries((type.ignoresCase ?? []).map((name) => [name, shaped[name]]));
        const outputs = { ...merged(filledIn, inputs), ...written, ...computedOutputs(type, body, inputs) };
        return { id, inputs, outputs };
    };
    const find = type.find ?? ((client: ApiClient, path: string) => client.find("GET", `${api}/${path}`));
    const done = async (client: ApiClient, answer: JsonObject, name: string): Promise<void> => {
        if (type.longRunning === true) {
            await client.wait(`${api}${type.operations?.(name) ?? ""}`, answer);
        }
    };
    /** Does work on a resource, which may exist after a failure. */
    const orHalfCreated = async (client: ApiClient, name: string, inputs: JsonObject, work: () => Promise<void>): Promise<Current> => {
        try {
            await work();
        } catch (error) {
            const body = error instanceof Refusal ? undefined : await find(client, pathOf(name), name).catch(() => undefined);
            throw body?.status === "ERROR" ? new HalfCreated(current(name, body, inputs), (error as Error).message) : error;
        }
        return current(name, (await find(client, pathOf(name), name)) ?? {}, inputs);
    };
    const kept = type.kept ?? ((body) => body);
    const stored = (inputs: JsonObject): JsonObject => ({
        ...kept(normalizeBody(type.document, type.schema, bodyOf(inputs), type.keepsDefaults)),
        ...Object.fromEntries((type.switches ?? []).flatMap((name) => (inputs[name] === true ? [[name, true]] : []))),
    });

    return {
        ...type,
        id,
        stored,

        async create(client, inputs) {
            const request = type.createRequest?.(id(inputs), bodyOf(inputs), inputs);
            const answer = request === undefined ? undefined : await client.call("POST", `${api}/${request.path}`, request.body);
            const name = id(inputs) + (type.generated?.(answer ?? {}) ?? "");
            return orHalfCreated(client, name, inputs, async () => {
                await (answer === undefined
                    ? type.change?.(client, `${api}/${pathOf(name)}`, bodyOf(inputs), {})
                    : done(client, answer, name));
                await type.settle?.(client, `${api}/${pathOf(name)}`, inputs, {});
            });
        },

        async read(client, name, given) {
            const body = await find(client, pathOf(name), name);
            if (body === undefined) {
                return undefined;
            }
            const parts = given ?? { ...type.id.parse(name), ...(await type.partsOf?.(body, client)) };
            const found = current(name, body, parts, given === undefined);
            if (body.status === "ERROR") {
                throw new HalfCreated(found, textOrEmpty(body.statusMessage));
            }
            return found;
        },

        async update(client, name, inputs, oldInputs) {
            const [before, after] = [bodyOf(oldInputs as JsonObject), bodyOf(inputs)];
            const changed = Object.keys({ ...before, ...after }).filter((field) => !isDeepStrictEqual(before[field], after[field]));
            return orHalfCreated(client, name, inputs, async () => {
                if (type.change !== undefined) {
                    await type.change(client, `${api}/${pathOf(name)}`, after, before);
                } else if (changed.length > 0) {
                    const { path, body } = (type.patchRequest ?? patchWithMask)(pathOf(name), after, changed, before);
                    await client.call("PATCH", `${api}/${path}`, body);
                }
                await type.settle?.(client, `${api}/${pathOf(name)}`, inputs, oldInputs as JsonObject);
            });
        },

        async delete(client, name, inputs) {
            const path = `${api}/${pathOf(name)}`;
            if ((await find(client, pathOf(name), name)) !== undefined) {
                await (type.remove === undefined
                    ? done(client, await client.call("DELETE", path), name)
                    : type.remove(client, path, inputs));
            }
        },

        findIn(ledger, inputs) {
            const isNamed = (name: string): boolean => (type.generated === undefined ? name === id(inputs) : name.startsWith(id(inputs)));
            const lasting = (inputs: JsonObject): JsonObject =>
                Object.fromEntries(Object.entries(inputs).filter(([field]) => type.ignored?.includes(field) !== true));
            return ledger.find(
                (entry) => entry.type === asset && isNamed(entry.id) && isDeepStrictEqual(lasting(entry.inputs), stored(inputs)),
            )?.id;
        },
    };
}

/** A create request in a collection, with the resource ID in the query. https://google.aip.dev/133 */
export function createIn(idParameter: string): NonNullable<RestType["createRequest"]> {
    return (name, body) => ({ path: `${parentOf(name)}?${idParameter}=${shortName(name)}`, body });
}

/** An update request with an update mask in the query. https://google.aip.dev/134 */
export function patchWithMask(name: string, body: JsonObject, fields: readonly string[]): Request {
    return { path: `${name}?updateMask=${fields.join(",")}`, body };
}

/** Returns the computed outputs in the type's schema. */
function computedOutputs({ token, computed }: RestType, body: JsonObject, inputs: JsonObject): JsonObject {
    const labels = { ...ATTRIBUTION, ...(inputs.labels as JsonObject | undefined) };
    const values: JsonObject = { ...body, effectiveLabels: body.labels ?? {}, pulumiLabels: labels, ...computed?.(body) };
    return Object.fromEntries((findResourceType(token)?.computed ?? []).map((name) => [name, values[name]]));
}

import { isDeepStrictEqual } from "node:util";
import { normalizeBody } from "../../../cloud/api/body";
import { findResourceType } from "../../../cloud/catalogue";
import type { Document } from "../../../cloud/discovery/document";
import type { Draft } from "../../../cloud/draft";
import { type JsonObject, textOrEmpty } from "../../../cloud/json";
import { type NameRule, shortName } from "../../../cloud/service";
import type { ApiClient } from "./api-client";
import type { Current, MappedType } from "./mapped-type";
import { ATTRIBUTION, type PropertyMapping, toBody, toInputs } from "./properties";

/** A request to the API. */
export interface Request {
    readonly path: string;
    readonly body: JsonObject;
}

/** A resource type with standard create, get, patch and delete methods. */
export interface RestType extends PropertyMapping {
    /** Type token. */
    readonly token: string;
    /** Ledger type. */
    readonly asset: string;
    readonly document: Document;
    /** Host and version of the API. */
    readonly api: string;
    /** Schema of the request and response bodies. */
    readonly schema: string;
    readonly name: NameRule;
    readonly regional?: "location";
    /** Full resource name. */
    readonly id: (draft: Draft) => string;
    /** Returns the POST request that creates a resource. The path is relative to host and version. */
    readonly createRequest: (name: string, body: JsonObject, inputs: JsonObject) => Request;
    /** Returns the PATCH request that changes fields. The path is relative to host and version. */
    readonly patchRequest: (name: string, body: JsonObject, fields: readonly string[]) => Request;
    /** Whether creation and deletion are long-running operations. */
    readonly longRunning: boolean;
    /** Sets what the other requests cannot set. Called after a creation, and after a change with the previous inputs. */
    readonly settle?: (client: ApiClient, name: string, inputs: JsonObject, before: JsonObject) => Promise<void>;
    readonly optionalComputed: readonly string[];
    readonly foretold?: (draft: Draft) => JsonObject;
    /** Computed outputs that differ from the API fields with the same name. */
    readonly computed: (body: JsonObject) => JsonObject;
}

/** Builds the resource type that the provider uses. */
export function restType(type: RestType): MappedType {
    const { token, asset, api, id } = type;
    const inputNames = Object.keys(findResourceType(token)?.inputs ?? {});
    const bodyOf = (inputs: JsonObject): JsonObject => toBody(inputs, type, inputNames.includes("labels"));
    const current = (body: JsonObject, given: JsonObject, imported = false): Current => {
        const inputs = toInputs(body, given, type, inputNames, type.optionalComputed, imported);
        const filledIn = Object.fromEntries(type.optionalComputed.map((name) => [name, body[name]]));
        return { id: textOrEmpty(body.name), inputs, outputs: { ...filledIn, ...inputs, ...computedOutputs(type, body, inputs) } };
    };
    const readBack = async (client: ApiClient, draft: Draft): Promise<Current> =>
        current(await client.call("GET", `${api}/${id(draft)}`), draft.inputs);
    const done = async (client: ApiClient, answer: JsonObject): Promise<void> => {
        if (type.longRunning) {
            await client.wait(api, answer);
        }
    };
    const stored = (inputs: JsonObject): JsonObject => ({
        ...normalizeBody(type.document, type.schema, bodyOf(inputs)),
        ...Object.fromEntries((type.switches ?? []).flatMap((name) => (inputs[name] === true ? [[name, true]] : []))),
    });

    return {
        ...{ id, name: type.name, optionalComputed: type.optionalComputed },
        ...(type.regional !== undefined && { regional: type.regional }),
        ...(type.foretold !== undefined && { foretold: type.foretold }),

        async create(client, draft) {
            const name = id(draft);
            const { path, body } = type.createRequest(name, bodyOf(draft.inputs), draft.inputs);
            await done(client, await client.call("POST", `${api}/${path}`, body));
            await type.settle?.(client, `${api}/${name}`, draft.inputs, {});
            return readBack(client, draft);
        },

        async read(client, name, given) {
            const body = await client.find(`${api}/${name}`);
            return body === undefined ? undefined : current(body, given ?? partsOf(type, name), given === undefined);
        },

        async update(client, name, draft, oldInputs) {
            const [before, after] = [bodyOf(oldInputs as JsonObject), bodyOf(draft.inputs)];
            const changed = Object.keys({ ...before, ...after }).filter((field) => !isDeepStrictEqual(before[field], after[field]));
            if (changed.length > 0) {
                const { path, body } = type.patchRequest(name, after, changed);
                await client.call("PATCH", `${api}/${path}`, body);
            }
            await type.settle?.(client, `${api}/${name}`, draft.inputs, oldInputs as JsonObject);
            return readBack(client, draft);
        },

        async delete(client, name) {
            if ((await client.find(`${api}/${name}`)) !== undefined) {
                await done(client, await client.call("DELETE", `${api}/${name}`));
            }
        },

        isIn(ledger, draft) {
            const entry = ledger.find((entry) => entry.type === asset && entry.id === id(draft));
            return isDeepStrictEqual(entry?.inputs, stored(draft.inputs));
        },

        upgrade(ledger, entry) {
            return [...ledger, { ...entry, type: asset, inputs: stored(entry.inputs) }];
        },
    };
}

/** A create request in a collection, with the resource ID in the query. https://google.aip.dev/133 */
export function createIn(idParameter: string): RestType["createRequest"] {
    return (name, body) => ({ path: `${name.slice(0, name.lastIndexOf("/"))}?${idParameter}=${shortName(name)}`, body });
}

/** An update request with an update mask in the query. https://google.aip.dev/134 */
export function patchWithMask(name: string, body: JsonObject, fields: readonly string[]): Request {
    return { path: `${name}?updateMask=${fields.join(",")}`, body };
}

/** Returns the inputs that a resource name contains, for an import. */
function partsOf({ notInBody, name }: RestType, resourceName: string): JsonObject {
    const [, project, , location] = resourceName.split("/");
    const parts: JsonObject = { project, location, [name.property]: shortName(resourceName).replace(/@.*/, "") };
    return Object.fromEntries(Object.entries(parts).filter(([property]) => notInBody.includes(property)));
}

/** Returns the computed outputs in the type's schema. */
function computedOutputs({ token, computed }: RestType, body: JsonObject, inputs: JsonObject): JsonObject {
    const labels = { ...ATTRIBUTION, ...(inputs.labels as JsonObject | undefined) };
    const values: JsonObject = { ...body, effectiveLabels: body.labels ?? {}, pulumiLabels: labels, ...computed(body) };
    return Object.fromEntries((findResourceType(token)?.computed ?? []).map((name) => [name, values[name]]));
}

import { createHash, randomUUID } from "node:crypto";
import { ApiError, ensure } from "../../api/api-error";
import { type Call, type Handler, textOf } from "../../api/service";
import type { Document } from "../../discovery/document";
import { type JsonObject, textOrEmpty } from "../../json";
import type { Entry } from "../../ledger";
import { checkRegion } from "../../locations";
import type { Operations } from "./operations";
import { countedPageOf, pageOf } from "./pages";
import type { Resources } from "./resources";
import { applyMask, maskPaths } from "./update-mask";

/** What changes a resource. */
export type Verb = "create" | "update" | "delete";

/** What is particular about a collection of resources. https://google.aip.dev/130 */
export interface Collection {
    readonly document: object;
    /** Method IDs up to the last dot; the last part is the collection. */
    readonly prefix: string;
    readonly resources: Resources;
    readonly schema: string;
    /** Parameter or field with the ID of a new resource. Default: the API generates IDs. */
    readonly idParameter?: string;
    /** @throws ApiError if no resource can have the ID in this parent */
    readonly checkId?: (id: string, parent: string) => void;
    /** The error for a name that exists. Default: as most APIs word it. */
    readonly exists?: (name: string) => ApiError;
    /** Returns the fields of a body that the ledger keeps. Default: all but the name and the etag. */
    readonly inputs?: (body: JsonObject) => JsonObject;
    /** @throws ApiError if the API would reject the resource */
    readonly check?: (name: string, inputs: JsonObject) => void;
    /** Adds a resource. Default: without others. */
    readonly create?: (name: string, inputs: JsonObject, call: Call) => Entry;
    /** Returns the operation of a creation that fails after it has started. Default: none fails. */
    readonly failed?: (name: string, inputs: JsonObject) => JsonObject | undefined;
    /** Finds a resource. Default: by its name. */
    readonly find?: (name: string) => Entry;
    /** Returns the fields after a change. Default: those of the update mask, or of the body. */
    readonly patch?: (entry: Entry, call: Call) => JsonObject;
    /** Deletes what belongs to a resource. Default: nothing. @throws ApiError if the API refuses to delete the resource */
    readonly remove?: (entry: Entry, call: Call) => void;
    readonly view: (entry: Entry) => JsonObject;
    /** Answers a request that has changed a resource. Default: with the resource, and with an empty object after a deletion. */
    readonly answer?: (verb: Verb, entry: Entry) => JsonObject;
    /** Maximum page size. Default: 1000 */
    readonly mostOfAPage?: number;
    /** Whether a page has the number of all resources. Default: false. */
    readonly isCounted?: true;
}

/** The methods create, get, list, patch and delete of a collection, as far as its document has them. */
export function collectionMethods(collection: Collection): Readonly<Record<string, Handler>> {
    const { prefix, resources, view, check, create, checkId, inputs: inputsOf = withoutOutputs } = collection;
    const { schemas, methods } = collection.document as Document;
    const { find = (name) => resources.get(name), answer = (verb, entry) => (verb === "delete" ? {} : view(entry)) } = collection;
    const field = prefix.slice(prefix.lastIndexOf(".") + 1);
    const known = schemas[collection.schema]?.properties ?? {};
    const patched = (entry: Entry, { parameters, body }: Call): JsonObject =>
        applyMask(entry.inputs, inputsOf(body), maskPaths(parameters.updateMask), known);
    const all: Readonly<Record<string, Handler>> = {
        create: (call) => {
            const { idParameter = "" } = collection;
            const parent = textOf(call, "parent");
            const id = idParameter === "" ? randomUUID() : textOrEmpty(call.parameters[idParameter] ?? call.body[idParameter]);
            checkId?.(id, parent);
            const name = `${parent}/${field}/${id}`;
            if (resources.find(name) !== undefined) {
                throw collection.exists?.(name) ?? new ApiError("ALREADY_EXISTS", `Resource '${name}' already exists`);
            }
            const inputs = inputsOf(call.body);
            check?.(name, inputs);
            return collection.failed?.(name, inputs) ?? answer("create", create?.(name, inputs, call) ?? resources.create(name, inputs));
        },
        get: (call) => view(find(textOf(call, "name"))),
        list: (call) => {
            const parent = `${textOf(call, "parent")}/${field}`;
            const direct = resources.list(parent).filter(({ id }) => !id.slice(parent.length + 1).includes("/"));
            const page = collection.isCounted === true ? countedPageOf : pageOf;
            return page(field, direct.map(view), call.parameters, collection.mostOfAPage ?? 1000);
        },
        patch: (call) => {
            const entry = find(textOf(call, "name") || textOf(call, "resourceName"));
            const inputs = (collection.patch ?? patched)(entry, call);
            check?.(entry.id, inputs);
            return answer("update", resources.put(entry, { inputs }));
        },
        delete: (call) => {
            const entry = find(textOf(call, "name"));
            collection.remove?.(entry, call);
            resources.delete(entry.id);
            return answer("delete", entry);
        },
    };
    const served = Object.entries(all).filter(([verb]) => `${prefix}.${verb}` in methods);
    return Object.fromEntries(served.map(([verb, handler]) => [`${prefix}.${verb}`, handler]));
}

/**
 * Answers with long-running operations. A finished operation contains the resource.
 * @param type type URL of the resource
 * @param parentOf returns the parent of a resource's operations. Default: its location
 */
export function longRunning(
    operations: Operations,
    type: string,
    view: Collection["view"],
    metadata: (verb: Verb, name: string) => JsonObject,
    parentOf = locationOf,
): NonNullable<Collection["answer"]> {
    return (verb, entry) => {
        const response = verb === "delete" ? { "@type": "type.googleapis.com/google.protobuf.Empty" } : { "@type": type, ...view(entry) };
        return operations.start(parentOf(entry.id), metadata(verb, entry.id), response);
    };
}

/** Returns the location of a resource, such as `projects/p/locations/l`. */
export function locationOf(name: string): string {
    return name.split("/").slice(0, 4).join("/");
}

/** Requires that an ID matches a pattern, and that its parent is a region or one of the other locations. */
export function regionalId(
    parameter: string,
    pattern: RegExp,
    otherLocations: readonly string[] = [],
): Pick<Collection, "idParameter" | "checkId"> {
    return {
        idParameter: parameter,
        checkId: (id, parent) => {
            checkRegion(parent.split("/")[3] ?? "", otherLocations);
            ensure(pattern.test(id), `Invalid ${parameter} '${id}': it must match the regular expression ${pattern.source}`);
        },
    };
}

/** Returns the fields that the ledger keeps. */
function withoutOutputs({ name: _, etag: __, ...inputs }: JsonObject): JsonObject {
    return inputs;
}

/** Returns the fields that resources of most collections have: name, inputs and times. */
export function timedView({ id, inputs, createdAt, updatedAt }: Entry): JsonObject {
    return { name: id, ...inputs, createTime: createdAt, updateTime: updatedAt };
}

/** Returns the same fields with an etag. */
export function commonView(entry: Entry): JsonObject {
    const etag = createHash("sha256").update(`${entry.id} ${entry.updatedAt}`).digest("base64url");
    return { ...timedView(entry), etag };
}

import { createHash } from "node:crypto";
import { ensure } from "../../api/api-error";
import { type Call, type Handler, textOf } from "../../api/service";
import type { Document } from "../../discovery/document";
import type { JsonObject } from "../../json";
import type { Entry } from "../../ledger";
import { checkRegion } from "../../locations";
import type { Operations } from "./operations";
import { pageOf } from "./pages";
import type { Resources } from "./resources";
import { applyMask, maskPaths } from "./update-mask";

/** A collection with long-running operations for creations, changes and deletions. https://google.aip.dev/130 */
export interface Collection {
    /** Method IDs up to the last dot; the last part is the collection. */
    readonly prefix: string;
    readonly resources: Resources;
    readonly operations: Operations;
    /** Parameter with the ID of a new resource. */
    readonly idParameter: string;
    readonly idPattern: RegExp;
    /** Locations besides regions, such as `global`. Default: none. */
    readonly otherLocations?: readonly string[];
    readonly document: Document;
    readonly schema: string;
    /** Type URL of the schemas, without the schema. */
    readonly typeUrl: string;
    readonly view: (entry: Entry) => JsonObject;
    readonly metadata: (verb: "create" | "update" | "delete", name: string) => JsonObject;
    /** Returns the parent of a resource's operations. Default: its location. */
    readonly operationParent?: (name: string) => string;
    /** @throws ApiError if the API would reject the resource */
    readonly check: (name: string, inputs: JsonObject) => void;
    /** Deletes a resource. Default: without others. */
    readonly remove?: (entry: Entry) => void;
}

const MOST_OF_A_PAGE = 1000;
const locationOf = (name: string): string => name.split("/").slice(0, 4).join("/");

/** The methods create, get, list, patch and delete of a collection. */
export function collectionMethods(collection: Collection): Readonly<Record<string, Handler>> {
    const { prefix, resources, operations, schema, typeUrl, view, metadata, check, operationParent = locationOf } = collection;
    const field = prefix.slice(prefix.lastIndexOf(".") + 1);
    const started = (verb: "create" | "update" | "delete", name: string, entry?: Entry): JsonObject => {
        const type = entry === undefined ? "type.googleapis.com/google.protobuf.Empty" : `${typeUrl}.${schema}`;
        return operations.start(operationParent(name), metadata(verb, name), { "@type": type, ...(entry !== undefined && view(entry)) });
    };
    return {
        [`${prefix}.create`]: (call) => {
            const name = newName(call, collection, field);
            const inputs = withoutOutputs(call.body);
            check(name, inputs);
            return started("create", name, resources.create(name, inputs));
        },
        [`${prefix}.get`]: (call) => view(resources.get(textOf(call, "name"))),
        [`${prefix}.list`]: (call) => {
            const parent = `${textOf(call, "parent")}/${field}`;
            const direct = resources.list(parent).filter(({ id }) => !id.slice(parent.length + 1).includes("/"));
            return pageOf(field, direct.map(view), call.parameters, MOST_OF_A_PAGE);
        },
        [`${prefix}.patch`]: ({ parameters, body }) => {
            const entry = resources.get(textOf({ parameters }, "name"));
            const known = collection.document.schemas[schema]?.properties ?? {};
            const inputs = applyMask(entry.inputs, withoutOutputs(body), maskPaths(parameters.updateMask), known);
            check(entry.id, inputs);
            return started("update", entry.id, resources.put(entry, { inputs }));
        },
        [`${prefix}.delete`]: (call) => {
            const entry = resources.get(textOf(call, "name"));
            collection.remove?.(entry);
            resources.delete(entry.id);
            return started("delete", entry.id);
        },
    };
}

function newName(call: Call, { resources, idParameter, idPattern, otherLocations = [] }: Collection, field: string): string {
    const [parent, id] = [textOf(call, "parent"), textOf(call, idParameter)];
    checkRegion(parent.split("/")[3] ?? "", otherLocations);
    ensure(idPattern.test(id), `Invalid ${idParameter} '${id}': it must match the regular expression ${idPattern.source}`);
    const name = `${parent}/${field}/${id}`;
    ensure(resources.find(name) === undefined, `Resource '${name}' already exists`, "ALREADY_EXISTS");
    return name;
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

import type { Document } from "../../../../cloud/discovery/document";
import document from "../../../../cloud/discovery/documents/container/container.v1beta1.json";
import { clusterOf, NODE_POOL } from "../../../../cloud/handlers/container/gke";
import defaults from "../../../../cloud/handlers/container/defaults.json";
import { poolInputs } from "../../../../cloud/handlers/container/pools";
import { isJsonList, isJsonObject, type JsonObject, type JsonValue, listAt, objectsAt, textOrEmpty, valueAt } from "../../../../cloud/json";
import { shortName } from "../../../../cloud/resource-name";
import { NAME_LIMITS } from "../../../../../gke/names";
import type { ApiClient } from "../api-client";
import { nameTemplate } from "../name-template";
import { rfc1035 } from "../name-rule";
import { restType } from "../rest-type";
import names from "./names.json";
import { nodeConfigShape } from "./node-config";
import { poolChanges } from "./pool-changes";

/** Host and version of GKE's API that the official provider uses. */
export const API = "container.googleapis.com/v1beta1";

const TOKEN = "gcp:container/nodePool:NodePool";
const NODE_CONFIG = nodeConfigShape(["nodeConfig"]);

/** Reads a cluster or a node pool when its creation is done. @param path path after the API's version */
export async function settled(client: ApiClient, path: string): Promise<JsonObject | undefined> {
    let body = await client.find("GET", `${API}/${path}`);
    while (body?.status === "PROVISIONING") {
        await client.pause();
        body = await client.find("GET", `${API}/${path}`);
    }
    return body;
}

/** Reads a node pool, with what only Compute Engine knows: the number of nodes for each zone, and the instance groups. */
async function find(client: ApiClient, path: string): Promise<JsonObject | undefined> {
    const body = await settled(client, path);
    if (body === undefined) {
        return undefined;
    }
    const urls = listAt(body.instanceGroupUrls).map(textOrEmpty);
    const managers = await Promise.all(
        urls.map(async (url) => {
            const collection = url.slice(url.indexOf("/projects/"), url.lastIndexOf("/"));
            const { items } = await client.call("GET", `compute.googleapis.com/compute/beta${collection}`);
            return objectsAt(items).find(({ name }) => name === shortName(url)) ?? {};
        }),
    );
    const nodes = managers.reduce((sum, { targetSize }) => sum + Number(targetSize ?? 0), 0);
    const nodeCount = Math.floor(nodes / Math.max(managers.length, 1));
    return { ...body, nodeCount, managedInstanceGroupUrls: managers.flatMap(({ instanceGroup }) => instanceGroup ?? []) };
}

/**
 * Compares only the program's taints, as the official provider does, and always the local SSDs: GKE reports those that a machine type
 * includes, and the official provider replaces a pool that does not set them (GoogleCloudPlatform/cluster-toolkit#2968).
 */
function adjust(inputs: JsonObject, properties: JsonObject, given: JsonObject): JsonObject {
    const keysOf = (taints: JsonValue | undefined) => listAt(taints).map((taint) => valueAt(taint, "key"));
    const own = keysOf(valueAt(given, "nodeConfig", "taints"));
    const taints = valueAt(inputs, "nodeConfig", "taints");
    const ssds = valueAt(properties, "nodeConfig", "ephemeralStorageLocalSsdConfig");
    const changed = {
        ...(isJsonList(taints) && { taints: taints.filter((taint) => own.includes(valueAt(taint, "key"))) }),
        ...(ssds !== undefined && { ephemeralStorageLocalSsdConfig: ssds }),
    };
    return isJsonObject(inputs.nodeConfig) ? { ...inputs, nodeConfig: { ...inputs.nodeConfig, ...changed } } : inputs;
}

/** Path of the operations on a cluster or a node pool, after the API's version. */
export function operationsOf(id: string): string {
    return `/${id.split("/").slice(0, 4).join("/")}/operations`;
}

/** Sends a request that starts an operation, and waits for it. @param path path after the API's version */
export async function run(client: ApiClient, method: string, path: string, body?: JsonObject): Promise<void> {
    await client.wait(API + operationsOf(path), await client.call(method, `${API}/${path}`, body));
}

/** Changes a node pool. @param path begins with host and version of the API */
async function change(client: ApiClient, path: string, after: JsonObject, before: JsonObject): Promise<void> {
    const pool = path.slice(API.length + 1);
    const changes = poolChanges(pool, after, before);
    const isBroken = changes.length === 0 && (await client.find("GET", path))?.status === "ERROR";
    for (const [method, at, body] of isBroken ? ([["PUT", pool, { nodePoolId: shortName(pool), nodeVersion: "-" }]] as const) : changes) {
        await run(client, method, at, body);
    }
}

/** Node pools, by token. */
export const nodePool = {
    [TOKEN]: restType({
        ...{ token: TOKEN, asset: NODE_POOL, document: document as Document, api: API, schema: "NodePool", longRunning: true },
        keepsDefaults: defaults.presence,
        ...{ ...names.nodePool, name: rfc1035(NAME_LIMITS.nodePool), filledIn: [["nodeConfig", "effectiveTaints"]] },
        ...{ find, change, adjust, kept: poolInputs, operations: operationsOf },
        shape: {
            ...{ ...NODE_CONFIG, moved: names.nodePool.moved, local: names.nodePool.local },
            converted: {
                ...NODE_CONFIG.converted,
                autoscaling: {
                    toApi: (value) => ({ enabled: true, ...(value as JsonObject) }),
                    fromApi: (value) => {
                        const { enabled, ...autoscaling } = value as JsonObject;
                        return enabled === true ? autoscaling : undefined;
                    },
                },
            },
        },
        encode: ({ nodeCount, ...body }) => ({ ...(nodeCount !== undefined && { initialNodeCount: nodeCount }), ...body }),
        decode: ({ config, ...body }) => ({
            ...body,
            config: { ...(config as JsonObject), effectiveTaints: valueAt(config, "taints") ?? [] },
        }),
        id: nameTemplate("projects/{project}/locations/{location}/clusters/{cluster}/nodePools/{name}"),
        createRequest: (id, body, { nodeCount, initialNodeCount }) => {
            if (nodeCount !== undefined && initialNodeCount !== undefined) {
                throw new Error("Cannot set both initial_node_count and node_count on node pool");
            }
            return { path: `${clusterOf(id)}/nodePools`, body: { nodePool: { name: shortName(id), ...body } } };
        },
    }),
};

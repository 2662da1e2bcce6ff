import { ensure } from "../../api/api-error";
import { scalarOf } from "../../api/body";
import type { Document } from "../../discovery/document";
import { isJsonObject, type JsonObject, type JsonValue, objectAt } from "../../json";

/** Fields of a cluster update that are not named after the cluster's field. https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/ClusterUpdate */
const SPECIAL: Readonly<Record<string, string>> = {
    desiredClusterAutoscaling: "autoscaling",
    desiredGcfsConfig: "nodePoolDefaults.nodeConfigDefaults.gcfsConfig",
    desiredMasterVersion: "initialClusterVersion",
    desiredNodeKubeletConfig: "nodePoolDefaults.nodeConfigDefaults.nodeKubeletConfig",
    desiredNodePoolLoggingConfig: "nodePoolDefaults.nodeConfigDefaults.loggingConfig",
};
/** Messages of which an update changes only the parts that it has. */
const PARTIAL: readonly string[] = ["addonsConfig", "controlPlaneEndpointsConfig"];
/** Fields of a node pool update with another name in the node pool. */
const POOL_FIELDS: Readonly<Record<string, string>> = { nodeNetworkConfig: "networkConfig", nodeVersion: "version" };
/** Fields of a node pool update that are messages around the field of the node configuration. */
export const WRAPPED: readonly string[] = ["labels", "resourceLabels", "tags", "taints"];

/** Returns the path in a cluster of each field that an update can change. */
export function clusterFields({ schemas }: Document): ReadonlyMap<string, string> {
    const has = (schema: string, field: string) => Object.hasOwn(schemas[schema]?.properties ?? {}, field);
    return new Map(
        Object.keys(schemas.ClusterUpdate?.properties ?? {}).flatMap((name) => {
            const field = name.replace(/^desired([A-Z])/, (_, letter: string) => letter.toLowerCase());
            const path =
                SPECIAL[name] ?? (has("Cluster", field) ? field : has("NetworkConfig", field) ? `networkConfig.${field}` : undefined);
            return path === undefined || field === name ? [] : [[name, path]];
        }),
    );
}

/** Returns a cluster's fields after an update. @throws ApiError if the update has a field that the sandbox does not simulate */
export function updatedCluster(document: Document, cluster: JsonObject, update: JsonObject): JsonObject {
    const fields = clusterFields(document);
    return Object.entries(update).reduce((inputs, [name, value]) => {
        const path = fields.get(name);
        ensure(path !== undefined && value !== undefined, `The sandbox does not simulate the update of ${name}.`);
        const partial = PARTIAL.includes(path) && isJsonObject(value) ? { ...(inputs[path] as JsonObject | undefined), ...value } : value;
        return withField(inputs, path.split("."), partial);
    }, cluster);
}

/** Returns a node pool's fields after an update. */
export function updatedPool({ schemas }: Document, pool: JsonObject, update: JsonObject): JsonObject {
    return Object.entries(update).reduce((inputs, [name, value]) => {
        const inner = WRAPPED.includes(name) && isJsonObject(value) ? (value[name === "resourceLabels" ? "labels" : name] ?? {}) : value;
        const schema = schemas.NodeConfig?.properties?.[name];
        // The size of a disk has 64 bits in updates, and 32 bits in the node configuration.
        const number = schema?.type === "integer" && inner !== undefined ? scalarOf(inner, schema) : inner;
        return schema === undefined ? withField(inputs, [POOL_FIELDS[name] ?? name], inner) : withField(inputs, ["config", name], number);
    }, pool);
}

function withField(object: JsonObject, [name = "", ...rest]: readonly string[], value: JsonValue | undefined): JsonObject {
    const inner = object[name];
    return { ...object, [name]: rest.length === 0 ? value : withField(objectAt(inner), rest, value) };
}

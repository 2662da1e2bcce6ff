import type { NodePool, Taint } from "../../cluster/gke/node-pool";
import { invalid } from "../api/api-error";
import { isJsonObject, type JsonObject, type JsonValue, objectAt, textOrEmpty, valueAt } from "../json";

/** Effects of taints, in the API and in Kubernetes. */
export const EFFECTS: Readonly<Record<string, Taint["effect"]>> = {
    NO_SCHEDULE: "NoSchedule",
    PREFER_NO_SCHEDULE: "PreferNoSchedule",
    NO_EXECUTE: "NoExecute",
};

/** GKE's default. https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/NodeConfig */
export const DEFAULT_MACHINE = "e2-medium";

/**
 * Reads a node pool of the API: counts are per zone, except for the `total*` fields.
 * @param name without the cluster's
 * @param clusterZones zones for a pool that specifies none
 * @param size nodes per zone. Default: the initial number
 * @throws ApiError for an unknown taint effect
 */
export function readNodePool(pool: JsonObject, name: string, clusterZones: readonly string[], size = pool.initialNodeCount): NodePool {
    const zones = (pool.locations as readonly string[] | undefined) ?? clusterZones;
    const node = objectAt(pool.config);
    const perZone = number(size) ?? 0;
    const { autoscaling } = pool;
    const autoscaled = valueAt(autoscaling, "enabled") === true;
    const bound = (total: string, each: string) =>
        number(valueAt(autoscaling, total)) ?? (number(valueAt(autoscaling, each)) ?? 0) * zones.length;
    const accelerator = readAccelerator(valueAt(node, "accelerators", 0));
    return {
        name,
        machineType: machineTypeOf(node),
        labels: (node.labels ?? {}) as Readonly<Record<string, string>>,
        taints: ((node.taints ?? []) as readonly JsonObject[]).map(readTaint),
        ...(accelerator !== undefined && { accelerator }),
        minNodes: autoscaled ? bound("totalMinNodeCount", "minNodeCount") : perZone * zones.length,
        maxNodes: autoscaled ? bound("totalMaxNodeCount", "maxNodeCount") : perZone * zones.length,
        initialNodes: perZone * zones.length,
        autoscaled,
        diskSizeGb: number(node.diskSizeGb) ?? 100, // GKE's default
        localSsds: number(valueAt(node, "ephemeralStorageLocalSsdConfig", "localSsdCount")) ?? 0,
        spot: node.spot === true || node.preemptible === true,
        queued: isQueued(pool),
        zones,
        serviceAccount: textOrEmpty(node.serviceAccount) || "default",
    };
}

/**
 * Whether nodes are only added for provisioning requests.
 * https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools#queuedprovisioning
 */
export function isQueued(pool: JsonObject): boolean {
    return valueAt(pool, "queuedProvisioning", "enabled") === true;
}

/** Returns the machine type of a node configuration. */
export function machineTypeOf({ machineType }: JsonObject): string {
    return textOrEmpty(machineType) || DEFAULT_MACHINE;
}

/** 64-bit numbers are strings in JSON. */
function number(value: JsonValue | undefined): number | undefined {
    return typeof value === "number" || (typeof value === "string" && /^\d+$/.test(value)) ? Number(value) : undefined;
}

function readTaint({ key, value, effect }: JsonObject): Taint {
    const kubernetes = EFFECTS[textOrEmpty(effect)];
    if (kubernetes === undefined) {
        throw invalid(`Invalid value for taint effect: "${textOrEmpty(effect)}"; it is one of ${Object.keys(EFFECTS).join(", ")}`);
    }
    return { key: textOrEmpty(key), value: textOrEmpty(value), effect: kubernetes };
}

function readAccelerator(given: JsonValue | undefined): NodePool["accelerator"] {
    const count = number(valueAt(given, "acceleratorCount"));
    if (!isJsonObject(given) || count === undefined || count === 0) {
        return undefined;
    }
    const strategy = valueAt(given, "gpuSharingConfig", "gpuSharingStrategy");
    const maxSharedClients = number(valueAt(given, "gpuSharingConfig", "maxSharedClientsPerGpu"));
    const partition = valueAt(given, "gpuPartitionSize");
    return {
        type: textOrEmpty(given.acceleratorType),
        count,
        ...(typeof partition === "string" && partition !== "" && { partition }),
        ...(typeof strategy === "string" && maxSharedClients !== undefined && { sharing: { strategy, maxSharedClients } }),
    };
}

import type { NodePool, Taint } from "../../cluster/gke/node-pool";
import { CloudError } from "../errors";
import { isJsonObject, type JsonObject, type JsonValue, valueAt } from "../json";

const EFFECTS: Readonly<Record<string, Taint["effect"]>> = {
    NO_SCHEDULE: "NoSchedule",
    PREFER_NO_SCHEDULE: "PreferNoSchedule",
    NO_EXECUTE: "NoExecute",
};

/**
 * Parses a node pool configuration as GKE does: counts are per zone, except for the `total*` fields.
 * @param inputs properties of a `gcp:container/nodePool:NodePool`, or of a node pool inside a cluster
 * @param clusterZones zones for a pool that specifies none
 * @throws CloudError for an unknown taint effect
 */
export function readNodePool(inputs: JsonObject, clusterZones: readonly string[]): NodePool {
    const zones = (inputs.nodeLocations as readonly string[] | undefined) ?? clusterZones;
    const node = isJsonObject(inputs.nodeConfig) ? inputs.nodeConfig : {};
    const perZone = number(inputs.nodeCount) ?? number(inputs.initialNodeCount) ?? 0;
    const { autoscaling } = inputs;
    const autoscaled = isJsonObject(autoscaling);
    const bound = (total: string, each: string) =>
        number(valueAt(autoscaling, total)) ?? (number(valueAt(autoscaling, each)) ?? 0) * zones.length;
    const accelerator = readAccelerator(valueAt(node, "guestAccelerators", 0));
    return {
        name: text(inputs.name),
        machineType: typeof node.machineType === "string" ? node.machineType : "e2-medium", // GKE's default
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
        queued: isQueued(inputs),
        zones,
    };
}

/**
 * Whether nodes are only added for provisioning requests.
 * https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools#queuedprovisioning
 */
export function isQueued(inputs: JsonObject): boolean {
    return valueAt(inputs, "queuedProvisioning", "enabled") === true;
}

function text(value: JsonValue | undefined): string {
    return typeof value === "string" ? value : "";
}

function number(value: JsonValue | undefined): number | undefined {
    return typeof value === "number" ? value : undefined;
}

function readTaint({ key, value, effect }: JsonObject): Taint {
    const kubernetes = EFFECTS[text(effect)];
    if (kubernetes === undefined) {
        throw new CloudError(400, `Invalid value for taint effect: "${text(effect)}"; it is one of ${Object.keys(EFFECTS).join(", ")}`);
    }
    return { key: text(key), value: text(value), effect: kubernetes };
}

function readAccelerator(given: JsonValue | undefined): NodePool["accelerator"] {
    const count = number(valueAt(given, "count"));
    if (!isJsonObject(given) || count === undefined || count === 0) {
        return undefined;
    }
    const strategy = valueAt(given, "gpuSharingConfig", "gpuSharingStrategy");
    const maxSharedClients = number(valueAt(given, "gpuSharingConfig", "maxSharedClientsPerGpu"));
    const partition = valueAt(given, "gpuPartitionSize");
    return {
        type: text(given.type),
        count,
        ...(typeof partition === "string" && partition !== "" && { partition }),
        ...(typeof strategy === "string" && maxSharedClients !== undefined && { sharing: { strategy, maxSharedClients } }),
    };
}

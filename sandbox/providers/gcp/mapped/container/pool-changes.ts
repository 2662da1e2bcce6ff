import { isDeepStrictEqual } from "node:util";
import { clusterOf } from "../../../../cloud/handlers/container/gke";
import { WRAPPED } from "../../../../cloud/handlers/container/updates";
import type { JsonObject, JsonValue } from "../../../../cloud/json";
import { shortName } from "../../../../cloud/resource-name";

/** A request that changes a node pool: method, path after the API's version, and body. */
export type PoolChange = readonly [method: "POST" | "PUT", path: string, body: JsonObject];

/** Fields of the node configuration that one request changes together. */
const MACHINE = ["machineType", "diskSizeGb", "diskType"];
/** Fields of a node pool with another name in its update. */
const RENAMED: Readonly<Record<string, string>> = { networkConfig: "nodeNetworkConfig", version: "nodeVersion" };

/** Returns the requests of the official provider that change a node pool. @param pool resource name */
export function poolChanges(pool: string, after: JsonObject, before: JsonObject): readonly PoolChange[] {
    const [config, old] = [after.config, before.config].map((value) => (value ?? {}) as JsonObject) as [JsonObject, JsonObject];
    const nodePoolId = shortName(pool);
    const update = (body: JsonObject): PoolChange => ["PUT", pool, { nodePoolId, ...body }];
    const ofCluster = (desired: string, value: JsonValue): PoolChange => [
        ...(["PUT", clusterOf(pool), { update: { desiredNodePoolId: nodePoolId, [desired]: value } }] as const),
    ];
    const ofPool = (name: string): PoolChange => {
        const value = after[name] ?? {};
        switch (name) {
            case "autoscaling":
                return ofCluster("desiredNodePoolAutoscaling", value);
            case "initialNodeCount":
                return ["POST", `${pool}:setSize`, { nodeCount: value }];
            case "management":
                return ["POST", `${pool}:setManagement`, { management: value }];
            default:
                return update({ [RENAMED[name] ?? name]: value });
        }
    };
    const ofConfig = (name: string): PoolChange => {
        const inner = { [name === "resourceLabels" ? "labels" : name]: config[name] };
        return name === "imageType"
            ? ofCluster("desiredImageType", config[name] ?? "")
            : update({ [name]: WRAPPED.includes(name) ? inner : (config[name] ?? {}) });
    };
    const inConfig = differing(config, old);
    const machine = MACHINE.some((name) => inConfig.includes(name))
        ? [Object.fromEntries(MACHINE.map((name) => [name, config[name]]))]
        : [];
    return [
        ...differing({ ...after, config: {} }, { ...before, config: {} }).map(ofPool),
        ...machine.map(update),
        ...inConfig.filter((name) => !MACHINE.includes(name)).map(ofConfig),
    ];
}

function differing(now: JsonObject, was: JsonObject): readonly string[] {
    return Object.keys({ ...was, ...now }).filter((name) => !isDeepStrictEqual(now[name], was[name]));
}

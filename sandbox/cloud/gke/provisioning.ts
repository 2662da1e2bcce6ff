import type { Clusters } from "./clusters";
import type { JsonObject } from "../json";
import type { Entry } from "../ledger";
import { zonesOf } from "../locations";
import { readNodePool } from "./node-pool";
import { draftOf } from "../outputs";
import { CLUSTER, clusterOfPool, NODE_POOL } from "../services/container";
import { shortName } from "../service";

/** Provisions the resources that need more than a ledger entry: clusters and node pools. All steps are idempotent. */
export class Provisioning {
    /** @param findEntry finds an entry in the ledger */
    constructor(
        private readonly clusters: Clusters,
        private readonly findEntry: (type: string, id: string) => Entry | undefined,
    ) {}

    /** Whether resources of this type need provisioning. */
    concerns(type: string): boolean {
        return type === CLUSTER || type === NODE_POOL;
    }

    /** Creates, updates or restores the resource. Resolves to the values that its outputs need. */
    async apply(entry: Entry): Promise<JsonObject> {
        switch (entry.type) {
            case CLUSTER:
                return this.applyCluster(entry);
            case NODE_POOL:
                return this.applyNodePool(entry);
            default:
                return {};
        }
    }

    /** Returns values that change over time and are computed at each read. */
    live(entry: Entry): JsonObject {
        if (entry.type !== NODE_POOL) {
            return {};
        }
        const pool = readNodePool(entry.inputs, (entry.provisioned.zones ?? []) as readonly string[]);
        // The sandbox adds nodes only when pods need them; GKE always runs at least the minimum.
        const nodes = Math.max(pool.minNodes, this.clusters.nodesOf(clusterOfPool(draftOf(entry)), shortName(entry.id)));
        return { nodes: pool.autoscaled ? nodes : pool.initialNodes };
    }

    /** Deletes the provisioned resource. */
    async remove(entry: Entry): Promise<void> {
        if (entry.type === CLUSTER) {
            await this.clusters.delete(entry.id);
        }
        if (entry.type === NODE_POOL) {
            await this.clusters.deletePool(clusterOfPool(draftOf(entry)), shortName(entry.id));
        }
    }

    private async applyCluster(entry: Entry): Promise<JsonObject> {
        const { id, inputs } = entry;
        const [, project = "", , location = ""] = id.split("/");
        const { endpoint, caCertificate } = await this.clusters.create({ id, name: shortName(id), location, project });
        for (const pool of poolsInside(inputs)) {
            await this.clusters.putPool(id, readNodePool(pool, clusterZones(entry)));
        }
        return { endpoint, caCertificate };
    }

    private async applyNodePool(entry: Entry): Promise<JsonObject> {
        const clusterId = clusterOfPool(draftOf(entry));
        const cluster = this.findEntry(CLUSTER, clusterId);
        if (cluster === undefined) {
            throw new Error(`the cluster ${clusterId} is gone`);
        }
        const pool = readNodePool(entry.inputs, clusterZones(cluster));
        await this.clusters.putPool(clusterId, pool);
        return { zones: pool.zones };
    }
}

/** Returns the node pools inside a cluster, or GKE's default pool unless the cluster removes it. */
function poolsInside(inputs: JsonObject): readonly JsonObject[] {
    if (inputs.enableAutopilot === true) {
        return [];
    }
    const declared = inputs.nodePools as readonly JsonObject[] | undefined;
    if (declared !== undefined && declared.length > 0) {
        return declared;
    }
    if (inputs.removeDefaultNodePool === true) {
        return [];
    }
    return [{ name: "default-pool", initialNodeCount: inputs.initialNodeCount, nodeConfig: inputs.nodeConfig }];
}

/** Returns the cluster's node zones: three zones of the region for a regional cluster, else its own zone. */
function clusterZones({ id, inputs }: Entry): readonly string[] {
    const location = id.split("/")[3] ?? "";
    return (inputs.nodeLocations as readonly string[] | undefined) ?? zonesOf(location).slice(0, 3);
}

import type { Clusters } from "./clusters";
import type { JsonObject } from "./json";
import type { Entry } from "./ledger";
import { zonesOf } from "./locations";
import { readNodePool } from "./node-pool";
import { draftOf } from "./outputs";
import { CLUSTER, clusterOfPool, NODE_POOL } from "./services/container";
import { shortName } from "./service";

/** Makes the things that are more than an entry in the ledger: clusters and their node pools. Each step may be repeated. */
export class Provisioning {
    /** @param findEntry looks up what exists */
    constructor(
        private readonly clusters: Clusters,
        private readonly findEntry: (type: string, id: string) => Entry | undefined,
    ) {}

    /** Whether the type needs anything made. */
    concerns(type: string): boolean {
        return type === CLUSTER || type === NODE_POOL;
    }

    /** Creates, changes or brings back what the entry describes. Resolves to what its outputs need to know. */
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

    /** What is to be known of it at each look, since it changes by itself. */
    live(entry: Entry): JsonObject {
        if (entry.type !== NODE_POOL) {
            return {};
        }
        const pool = readNodePool(entry.inputs, (entry.provisioned.zones ?? []) as readonly string[]);
        // Here nodes come when pods need them; GKE always has the least that it is told to have.
        const nodes = Math.max(pool.minNodes, this.clusters.nodesOf(clusterOfPool(draftOf(entry)), shortName(entry.id)));
        return { nodes: pool.autoscaled ? nodes : pool.initialNodes };
    }

    /** Removes what the entry describes. */
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

/** The node pools that a cluster declares itself, or the default one that GKE makes unless it is told to remove it. */
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

/** A regional cluster puts nodes into three zones of its region, a zonal one into its own. */
function clusterZones({ id, inputs }: Entry): readonly string[] {
    const location = id.split("/")[3] ?? "";
    return (inputs.nodeLocations as readonly string[] | undefined) ?? zonesOf(location).slice(0, 3);
}

import { ApiError } from "../../api/api-error";
import type { Clusters } from "../../gke/clusters";
import type { NodePool } from "../../../cluster/gke/node-pool";
import { readNodePool } from "../../gke/node-pool";
import { merged, objectAt, textOrEmpty } from "../../json";
import type { Entry, Ledger, Status } from "../../ledger";
import { zonesOf } from "../../locations";
import { shortName } from "../../resource-name";
import type { ImageChecks } from "../binary-authorization/admission";
import { Resources } from "../common/resources";
import type { InstanceGroup } from "../compute/quotas";
import defaults from "./defaults.json";
import { ContainerOperations, type Operation } from "./operations";

/** Ledger type of clusters. */
export const CLUSTER = "container.googleapis.com/Cluster";
/** Ledger type of node pools. */
export const NODE_POOL = "container.googleapis.com/NodePool";

const missing = (name: string): ApiError => new ApiError("NOT_FOUND", `Not found: ${name}.`);

/** The clusters and node pools in the ledger, and the Kubernetes clusters behind them. */
export class Gke {
    readonly clusters: Resources;
    readonly pools: Resources;
    readonly operations = new ContainerOperations();

    constructor(
        readonly ledger: Ledger,
        private readonly running: Clusters,
        private readonly imageChecks: ImageChecks,
    ) {
        this.clusters = new Resources(ledger, CLUSTER, missing);
        this.pools = new Resources(ledger, NODE_POOL, missing);
    }

    /** Returns all node pools, or those of a cluster, oldest first. */
    poolsOf(cluster?: string): readonly Entry[] {
        return this.ledger.list().filter(({ type, id }) => type === NODE_POOL && (cluster === undefined || clusterOf(id) === cluster));
    }

    /** Returns the cluster's node zones: three zones of the region for a regional cluster, else its own zone. */
    zonesOf({ id, inputs }: Pick<Entry, "id" | "inputs">): readonly string[] {
        return (inputs.locations as readonly string[] | undefined) ?? zonesOf(locationOf(id)).slice(0, 3);
    }

    /** Returns the instance groups of node pools: one for each zone. GKE always runs at least the minimum, even if the sandbox starts nodes later. */
    groupsOf(pools = this.poolsOf()): readonly InstanceGroup[] {
        return pools.flatMap((pool) => {
            const read = this.read(pool);
            return groupsWith(pool, read, read.autoscaled ? Math.max(read.minNodes, this.nodesOf(pool)) : read.initialNodes);
        });
    }

    /** Returns the number of nodes of a pool that run or start. */
    nodesOf({ id }: Entry): number {
        return this.running.nodesOf(clusterOf(id), shortName(id));
    }

    /** Reads a node pool. @param cluster its cluster. Default: the one in the ledger */
    read({ id, inputs, provisioned }: Entry, cluster = this.clusters.get(clusterOf(id))): NodePool {
        return readNodePool(inputs, shortName(id), this.zonesOf(cluster), provisioned.size);
    }

    /**
     * Starts an operation that creates or changes resources.
     * @param entries a resource, and the node pools of a new cluster
     * @throws ApiError as `ContainerOperations.start` does
     */
    apply(operationType: string, entries: readonly [Entry, ...Entry[]], status: Status): Operation {
        return this.operations.start(operationType, entries[0].id, async () => {
            entries.forEach((entry) => this.ledger.put({ ...entry, status, updatedAt: new Date().toISOString() }));
            for (const entry of entries) {
                await this.provision(entry);
            }
        });
    }

    /** Starts the deletion of a cluster with its node pools, or of a node pool. @throws ApiError as `ContainerOperations.start` does */
    delete(operationType: string, entry: Entry): Operation {
        return this.operations.start(operationType, entry.id, () => {
            this.ledger.put({ ...entry, status: "STOPPING" });
            return this.remove(entry);
        });
    }

    /**
     * Reconciles the clusters with the ledger after a start: finishes deletions, and restores everything else. A resource that cannot be
     * restored gets the status ERROR; its next update tries again.
     */
    async recover(): Promise<void> {
        const all = this.ledger.list().filter(({ type }) => type === CLUSTER || type === NODE_POOL);
        for (const entry of all.filter(({ status }) => status === "STOPPING").reverse()) {
            await this.remove(entry).catch(() => undefined);
        }
        for (const entry of all) {
            await this.provision(entry).catch(() => undefined);
        }
    }

    private provision(entry: Entry): Promise<void> {
        return this.orError(entry, async ({ problem: _, ...sound }) => {
            const { type, id } = entry;
            const [, project = "", , location = ""] = id.split("/");
            const made = type === CLUSTER ? await this.running.create({ id, name: shortName(id), location, project }) : {};
            if (type === CLUSTER) {
                await this.running.checkImages(id, this.imageChecks(sound));
            }
            if (type === NODE_POOL) {
                await this.running.putPool(clusterOf(id), this.read(sound));
            }
            this.ledger.put({ ...sound, status: "RUNNING", provisioned: { ...sound.provisioned, ...made } });
        });
    }

    private remove(entry: Entry): Promise<void> {
        return this.orError(entry, async ({ type, id }) => {
            await (type === CLUSTER ? this.running.delete(id) : this.running.deletePool(clusterOf(id), shortName(id)));
            this.ledger.remove([entry, ...this.poolsOf(id)]);
        });
    }

    /** Works on a resource, if it exists, and records a failure. */
    private async orError({ type, id }: Entry, work: (entry: Entry) => Promise<void>): Promise<void> {
        const entry = this.ledger.get(type, id);
        if (entry === undefined) {
            return;
        }
        try {
            await work(entry);
        } catch (error) {
            this.ledger.put({ ...entry, status: "ERROR", problem: error instanceof Error ? error.message : String(error) });
            throw error;
        }
    }
}

/** Returns the instance groups of a node pool that has a number of nodes: one for each zone. */
export function groupsWith({ id, uuid, inputs }: Entry, pool: NodePool, nodes: number): readonly InstanceGroup[] {
    const { name, zones, machineType, accelerator, spot, diskSizeGb } = pool;
    const [, project = "", , , , cluster = ""] = id.split("/");
    const node = merged(defaults.nodeConfig, objectAt(inputs.config));
    return zones.map((zone, position) => ({
        id: `projects/${project}/zones/${zone}/instanceGroupManagers/gke-${cluster}-${name}-${uuid.slice(0, 8)}-grp`,
        size: Math.floor((nodes + zones.length - 1 - position) / zones.length),
        ...{ machineType, spot, ...(accelerator !== undefined && { accelerator }) },
        disk: { type: textOrEmpty(node.diskType), sizeGb: diskSizeGb },
    }));
}

/** Returns the resource name of a node pool's cluster. */
export function clusterOf(pool: string): string {
    return pool.slice(0, pool.lastIndexOf("/nodePools/"));
}

/** `projects/p/locations/l/…` → `l` */
export function locationOf(name: string): string {
    return name.split("/")[3] ?? "";
}

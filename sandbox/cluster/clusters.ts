import * as fs from "node:fs";
import type { Access } from "../cloud/access/access";
import type { Identities } from "../cloud/access/identities";
import type { ClusterAccess, ClusterIdentity, Clusters, ImageCheck } from "../cloud/gke/clusters";
import { serveReviews } from "./access/reviews";
import { forgetAuthority, trustAuthority } from "./control-plane/authorities";
import type { SandboxHost } from "./control-plane/control-plane";
import { cleanUpClusters } from "./clean-up";
import { Cluster, type ClusterArgs } from "./cluster";
import { clusterFolder, type ClusterRecord, readRecords, writeRecord } from "./cluster-record";
import { keepKernelSettings } from "../host/kernel-settings";
import type { Address } from "./network/front-door";
import { Network } from "./network/network";
import type { NodePool } from "./gke/node-pool";
import { NodeSlots, realNodesOn } from "./node/node-slots";
import { nodeTokens } from "./node/node-token";

/** Dependencies of the sandbox's clusters. */
export interface SandboxClustersArgs
    extends Pick<SandboxHost, "home" | "processes" | "ports" | "registry">, Pick<ClusterArgs, "exceededQuota"> {
    readonly identities: Identities;
    readonly access: Pick<Access, "grants">;
    /**
     * How long a node may be idle before it is removed, in milliseconds.
     * @default 600000, as on GKE
     */
    readonly idleMs?: number;
    /**
     * Maximum number of real nodes in all clusters; further nodes are simulated.
     * @default as many as the machine's memory allows, at most 4
     */
    readonly realNodes?: number;
}

/** Status of a cluster. */
export interface ClusterStatus {
    readonly id: string;
    readonly name: string;
    /** Host and port of the API server. */
    readonly endpoint: string;
    /** Certificate of the authority, as base64-encoded PEM. */
    readonly caCertificate: string;
    readonly nodes: readonly { readonly name: string; readonly pool: string; readonly ready: boolean; readonly simulated: boolean }[];
    readonly frontDoors: readonly Address[];
    /** Current differences from GKE, with reasons. */
    readonly notes: readonly string[];
}

const IDLE_MS = 600_000;

/** The clusters of a sandbox. */
export class SandboxClusters implements Clusters {
    private readonly clusters = new Map<string, Cluster>();
    /** Serializes the changes of each cluster. */
    private readonly turns = new Map<string, Promise<unknown>>();

    private readonly indexes = new Map<string, number>();

    private constructor(
        private readonly args: SandboxClustersArgs,
        private readonly clusterArgs: ClusterArgs,
    ) {}

    /** Cleans up after an earlier daemon and creates the sandbox's network. Starts no cluster. */
    static async open(args: SandboxClustersArgs): Promise<SandboxClusters> {
        const { home, processes, ports, registry, identities, access } = args;
        await cleanUpClusters(home);
        keepKernelSettings(home);
        const network = await Network.open(home);
        const reviewPort = await ports.take("reviews");
        await serveReviews({ port: reviewPort, identities, access });
        const slots = new NodeSlots(args.realNodes ?? realNodesOn());
        return new SandboxClusters(args, {
            host: {
                ...{ home, processes, ports, registry, network },
                ...{ nodeToken: nodeTokens(identities), reviews: `http://127.0.0.1:${reviewPort}` },
            },
            slots,
            exceededQuota: args.exceededQuota,
            idleMs: args.idleMs ?? IDLE_MS,
        });
    }

    /**
     * Starts the clusters of earlier starts and their nodes.
     * @throws Error if a control plane does not start
     */
    async restore(): Promise<void> {
        const records = readRecords(this.args.home);
        for (const { id, index } of records) {
            this.indexes.set(id, index);
        }
        await Promise.all(records.map((record) => this.inTurn(record.id, () => this.start(record))));
    }

    create(identity: ClusterIdentity): Promise<ClusterAccess> {
        return this.inTurn(identity.id, async () => {
            const { id, name, location, project } = identity;
            const there = this.clusters.get(id);
            if (there !== undefined) {
                return accessTo(there);
            }
            return accessTo(await this.start({ id, name, location, project, index: this.freeIndex(), pools: [], nodes: [] }));
        });
    }

    delete(id: string): Promise<void> {
        return this.inTurn(id, async () => {
            await this.clusters.get(id)?.stop();
            this.clusters.delete(id);
            this.indexes.delete(id);
            forgetAuthority(this.args.home, id);
            fs.rmSync(clusterFolder(this.args.home, id), { recursive: true, force: true });
        });
    }

    checkImages(clusterId: string, check: ImageCheck | undefined): Promise<void> {
        return this.inTurn(clusterId, () => this.running(clusterId).checkImages(check));
    }

    putPool(clusterId: string, pool: NodePool): Promise<void> {
        return this.inTurn(clusterId, () => this.running(clusterId).putPool(pool));
    }

    deletePool(clusterId: string, name: string): Promise<void> {
        return this.inTurn(clusterId, () => this.running(clusterId).deletePool(name));
    }

    /** Imports the image of a system workload into the nodes of all clusters. */
    async addImage(archive: string): Promise<void> {
        await Promise.all([...this.clusters.values()].map((cluster) => cluster.addImage(archive)));
    }

    nodesOf(clusterId: string, pool: string): number {
        return this.clusters.get(clusterId)?.nodes.filter((node) => node.pool === pool).length ?? 0;
    }

    /**
     * Preempts a node of a spot pool, as Compute Engine does when it needs the capacity.
     * @param pool name of the pool, or a part of the name that matches only one pool (Pulumi adds a suffix to generated names)
     * @returns the node's name
     * @throws Error unless exactly one spot pool with a running node matches
     */
    async preempt(pool: string): Promise<string> {
        const pools = [...this.clusters.values()].flatMap((cluster) => cluster.record.pools.map(({ name }) => ({ cluster, name })));
        const exact = pools.filter(({ name }) => name === pool);
        const [found, ...more] = exact.length > 0 ? exact : pools.filter(({ name }) => pool !== "" && name.includes(pool));
        if (found === undefined || more.length > 0) {
            const names = pools.map(({ name }) => name).join(", ");
            const matches = found === undefined ? "No node pool matches" : "Several node pools match";
            throw new Error(`${matches} ${pool}. Node pools: ${names === "" ? "none" : names}`);
        }
        return found.cluster.preempt(found.name);
    }

    status(): readonly ClusterStatus[] {
        return [...this.clusters.values()].map((cluster) => ({
            id: cluster.record.id,
            name: cluster.record.name,
            ...accessTo(cluster),
            nodes: cluster.nodes.map(({ name, pool, state, simulated }) => ({ name, pool, ready: state === "running", simulated })),
            frontDoors: cluster.addresses,
            notes: cluster.notes,
        }));
    }

    /** Stops all clusters and removes everything that they created on the machine, except their data. */
    async stop(): Promise<void> {
        await Promise.all([...this.turns.values()].map((turn) => turn.catch(() => undefined)));
        await Promise.all([...this.clusters.values()].map((cluster) => cluster.stop()));
        this.clusters.clear();
        await cleanUpClusters(this.args.home);
    }

    private async start(record: ClusterRecord): Promise<Cluster> {
        this.indexes.set(record.id, record.index);
        const cluster = await Cluster.start(this.clusterArgs, record);
        writeRecord(this.args.home, cluster.record);
        trustAuthority(this.args.home, record.id, cluster.plane.caPem);
        this.clusters.set(record.id, cluster);
        return cluster;
    }

    private running(id: string): Cluster {
        const cluster = this.clusters.get(id);
        if (cluster === undefined) {
            throw new Error(`The sandbox has no cluster ${id}`);
        }
        return cluster;
    }

    private freeIndex(): number {
        const taken = new Set(this.indexes.values());
        let index = 0;
        while (taken.has(index)) {
            index++;
        }
        return index;
    }

    private inTurn<T>(id: string, change: () => Promise<T>): Promise<T> {
        const turn = (this.turns.get(id) ?? Promise.resolve()).catch(() => undefined).then(change);
        this.turns.set(id, turn);
        return turn;
    }
}

function accessTo({ plane }: Cluster): ClusterAccess {
    return { endpoint: `127.0.0.1:${plane.port}`, caCertificate: Buffer.from(plane.caPem).toString("base64") };
}

import type { EndpointSlice, Pod, Service } from "../kube/objects";
import * as path from "node:path";
import { Autoscaler } from "./autoscaler/autoscaler";
import { applyDefaults, applyShape, awaitDefaultAccount, removeShape } from "./gke/cluster-objects";
import { clusterFolder, type ClusterRecord, writeRecord } from "./cluster-record";
import { ControlPlane, type Surroundings } from "./control-plane/control-plane";
import { losePods } from "./autoscaler/drain";
import { Fleet, type FleetNode } from "./fleet";
import { type Address, FrontDoor } from "./network/front-door";
import { MetricsAdapter } from "./metrics/metrics-adapter";
import { NameServer } from "./network/name-server";
import type { NodePool } from "./gke/node-pool";
import { NodeSimulator } from "./simulated/node-simulator";
import type { NodeSlots } from "./node/node-slots";
import { ObjectCache } from "../kube/object-cache";
import { Volumes } from "./gke/volumes";

/** What a cluster shares with the others of its sandbox. */
export interface ClusterArgs {
    readonly surroundings: Surroundings;
    readonly slots: NodeSlots;
    /** Milliseconds that a node may have nothing to do. */
    readonly idleMs: number;
}

/** How long disruption budgets are respected when a pool is deleted; an hour on GKE. */
const DRAIN_MS = 60_000;

/** A running cluster: control plane, nodes, and what GKE adds to Kubernetes. */
export class Cluster {
    private constructor(
        private readonly args: ClusterArgs,
        private recordNow: ClusterRecord,
        readonly plane: ControlPlane,
        private readonly fleet: Fleet,
        private readonly autoscaler: Autoscaler,
        private readonly frontDoor: FrontDoor,
        private readonly nameServer: NameServer,
        private readonly metrics: MetricsAdapter,
        private readonly volumes: Volumes,
        private readonly caches: readonly { stop(): void }[],
    ) {}

    get record(): ClusterRecord {
        return this.recordNow;
    }

    get nodes(): readonly FleetNode[] {
        return this.fleet.nodes;
    }

    get addresses(): readonly Address[] {
        return this.frontDoor.addresses;
    }

    /** What a user should know of what does not go as on GKE now. */
    get notes(): readonly string[] {
        return [...this.fleet.notes, ...this.frontDoor.notes, ...this.autoscaler.notes];
    }

    /**
     * Starts a cluster, new or with the data of earlier starts, and the nodes that it had.
     * @throws Error where the control plane does not come up; nothing of the cluster runs then
     */
    static async start(args: ClusterArgs, record: ClusterRecord): Promise<Cluster> {
        const { surroundings, slots, idleMs } = args;
        const { home, network, ports } = surroundings;
        const folder = clusterFolder(home, record.id);
        const key = path.basename(folder);
        const plane = await ControlPlane.start(surroundings, { name: `${record.name}-${key}`, folder, index: record.index });
        const { api } = plane;
        const { dns } = network.plan.services(record.index);
        const pods = new ObjectCache<Pod>(api, "/api/v1/pods");
        const services = new ObjectCache<Service>(api, "/api/v1/services");
        const slices = new ObjectCache<EndpointSlice>(api, "/apis/discovery.k8s.io/v1/endpointslices");
        const fleet: Fleet = new Fleet({
            surroundings,
            plane,
            slots,
            simulator: new NodeSimulator(surroundings, plane, `${record.name}-${key}-kwok`, folder),
            cluster: record,
            clusterDns: dns,
            onChange: (nodes) => {
                cluster.write({ nodes });
            },
        });
        const zoneOf = (node: string): string | undefined => fleet.nodes.find(({ name }) => name === node)?.zone;
        const volumes = new Volumes(api, path.join(folder, "volumes"), zoneOf);
        const autoscaler: Autoscaler = new Autoscaler({
            api,
            pods,
            fleet,
            volumes,
            cluster: record,
            pools: () => cluster.record.pools,
            idleMs,
        });
        const frontDoor = new FrontDoor({
            network,
            ports,
            cluster: record.name,
            services,
            slices,
            isSimulated: (node) => fleet.isSimulated(node),
            apiServerPort: plane.port,
        });
        const nameServer = new NameServer({ address: dns, services, slices });
        const metrics = new MetricsAdapter({ api, authority: plane.authority, isSimulated: (node) => fleet.isSimulated(node) });
        const cluster: Cluster = new Cluster(args, record, plane, fleet, autoscaler, frontDoor, nameServer, metrics, volumes, [
            pods,
            services,
            slices,
        ]);
        try {
            await Promise.all([
                applyDefaults(api, dns),
                awaitDefaultAccount(api),
                network.add(dns),
                ...record.pools.map((pool) => applyShape(api, pool)),
            ]);
            await Promise.all([pods.start(), services.start(), slices.start()]);
            await Promise.all([frontDoor.start(), nameServer.start(), volumes.start(), metrics.start()]);
            await cluster.startNodes();
            autoscaler.start();
        } catch (error) {
            await cluster.stop();
            throw error;
        }
        return cluster;
    }

    async putPool(pool: NodePool): Promise<void> {
        await applyShape(this.plane.api, pool);
        this.write({ pools: [...this.record.pools.filter(({ name }) => name !== pool.name), pool] });
    }

    async deletePool(name: string): Promise<void> {
        this.write({ pools: this.record.pools.filter((pool) => pool.name !== name) });
        await Promise.all(this.nodes.filter(({ pool }) => pool === name).map((node) => this.fleet.remove(node.name, DRAIN_MS)));
        await removeShape(this.plane.api, name);
    }

    /**
     * Preempts the pool's node that has run longest.
     * @returns its name
     * @throws Error where the pool is not there, not a spot one, or has no node that runs
     */
    async preempt(poolName: string): Promise<string> {
        const pool = this.record.pools.find(({ name }) => name === poolName);
        if (pool === undefined) {
            throw new Error(`The cluster ${this.record.name} has no node pool ${poolName}`);
        }
        if (!pool.spot) {
            throw new Error(`The node pool ${poolName} is not a spot one: nothing preempts its nodes`);
        }
        const [node] = this.nodes
            .filter((candidate) => candidate.pool === poolName && candidate.state === "running")
            .sort((a, b) => (a.readyAt ?? 0) - (b.readyAt ?? 0));
        if (node === undefined) {
            throw new Error(`The node pool ${poolName} has no node that runs`);
        }
        await this.fleet.preempt(node.name);
        return node.name;
    }

    /** Stops everything; its data stays. */
    async stop(): Promise<void> {
        const { network } = this.args.surroundings;
        await this.autoscaler.stop();
        await this.frontDoor.stop();
        this.nameServer.stop();
        this.metrics.stop();
        await this.volumes.stop();
        for (const cache of this.caches) {
            cache.stop();
        }
        await this.fleet.stop();
        await this.plane.stop();
        await network.remove(network.plan.services(this.record.index).dns);
    }

    /** A node that does not start again is no error: its pods get another one. */
    private async startNodes(): Promise<void> {
        const { nodes, pools } = this.record;
        await Promise.allSettled(
            nodes.map(async (node) => {
                const pool = pools.find(({ name }) => name === node.pool);
                if (!node.simulated) {
                    await losePods(this.plane.api, node.name);
                }
                // It registers anew, without what an interrupted drain or preemption wrote on it.
                await this.plane.api.delete(`/api/v1/nodes/${node.name}`);
                if (pool !== undefined) {
                    await this.fleet.add(pool, node.zone, node);
                }
            }),
        );
    }

    private write(change: Partial<ClusterRecord>): void {
        this.recordNow = { ...this.recordNow, ...change };
        writeRecord(this.args.surroundings.home, this.recordNow);
    }
}

import type { ImageCheck } from "../cloud/gke/clusters";
import type { EndpointSlice, Pod, Service } from "../kube/objects";
import * as path from "node:path";
import { Autoscaler } from "./autoscaler/autoscaler";
import { applyDefaults, applyShape, awaitDefaultAccount, removeShape } from "./gke/cluster-objects";
import { clusterFolder, type ClusterRecord, StoredRecord } from "./cluster-record";
import { ControlPlane, type SandboxHost } from "./control-plane/control-plane";
import { losePods } from "./autoscaler/drain";
import { PROVISIONING_API, type ProvisioningRequest } from "./autoscaler/provisioning-requests";
import { Fleet, type FleetNode } from "./fleet";
import { type Address, FrontDoor } from "./network/front-door";
import { ImagePolicy } from "./gke/image-policy";
import { MetricsAdapter } from "./metrics/metrics-adapter";
import { NameServer } from "./network/name-server";
import type { NodePool } from "./gke/node-pool";
import { NodeSimulator } from "./simulated/node-simulator";
import type { NodeSlots } from "./node/node-slots";
import { ObjectCache } from "../kube/object-cache";
import { Volumes } from "./gke/volumes";

/** What the clusters of a sandbox share. */
export interface ClusterArgs {
    readonly host: SandboxHost;
    readonly slots: NodeSlots;
    /** Returns the message for a quota of Compute Engine that more nodes of a pool would exceed; undefined if the quotas suffice. */
    readonly exceededQuota: (cluster: string, pool: string, nodes: number) => string | undefined;
    /** How long a node may be idle, in milliseconds. */
    readonly idleMs: number;
}

/** How long the deletion of a pool respects disruption budgets; an hour on GKE. */
const DRAIN_MS = 60_000;

type Parts = ReturnType<typeof partsOf>;

/** A running cluster: control plane, nodes, and GKE's additions to Kubernetes. */
export class Cluster {
    private constructor(
        private readonly args: ClusterArgs,
        private readonly parts: Parts,
    ) {}

    get record(): ClusterRecord {
        return this.parts.record.current;
    }

    get plane(): ControlPlane {
        return this.parts.plane;
    }

    get nodes(): readonly FleetNode[] {
        return this.parts.fleet.nodes;
    }

    get addresses(): readonly Address[] {
        return this.parts.frontDoor.addresses;
    }

    /** Notes for the user: current differences from GKE. */
    get notes(): readonly string[] {
        const { fleet, frontDoor, autoscaler } = this.parts;
        return [...fleet.notes, ...frontDoor.notes, ...autoscaler.notes];
    }

    /**
     * Starts a cluster and its nodes, with the data of earlier starts if there is any.
     * @throws Error if the control plane does not start; the cluster is then stopped
     */
    static async start(args: ClusterArgs, record: ClusterRecord): Promise<Cluster> {
        const folder = clusterFolder(args.host.home, record.id);
        const name = `${record.name}-${path.basename(folder)}`;
        const plane = await ControlPlane.start(args.host, { id: record.id, name, folder, index: record.index });
        const cluster = new Cluster(args, partsOf(args, plane, record, name, folder));
        try {
            await cluster.startParts();
        } catch (error) {
            await cluster.stop();
            throw error;
        }
        return cluster;
    }

    checkImages(check: ImageCheck | undefined): Promise<void> {
        return this.parts.imagePolicy.set(check);
    }

    async putPool(pool: NodePool): Promise<void> {
        await applyShape(this.plane.api, pool);
        this.parts.record.change({ pools: [...this.record.pools.filter(({ name }) => name !== pool.name), pool] });
    }

    async deletePool(name: string): Promise<void> {
        this.parts.record.change({ pools: this.record.pools.filter((pool) => pool.name !== name) });
        await Promise.all(this.nodes.filter(({ pool }) => pool === name).map((node) => this.parts.fleet.remove(node.name, DRAIN_MS)));
        await removeShape(this.plane.api, name);
    }

    /** Imports the image of a system workload into the cluster's nodes. */
    addImage(archive: string): Promise<void> {
        return this.parts.fleet.addImage(archive);
    }

    /**
     * Preempts the oldest node of a pool.
     * @returns the node's name
     * @throws Error if the pool does not exist, is not a spot pool or has no running node
     */
    async preempt(poolName: string): Promise<string> {
        const pool = this.record.pools.find(({ name }) => name === poolName);
        if (pool === undefined) {
            throw new Error(`The cluster ${this.record.name} has no node pool ${poolName}`);
        }
        if (!pool.spot) {
            throw new Error(`The node pool ${poolName} is not a spot pool: its nodes are never preempted`);
        }
        const [node] = this.nodes
            .filter((candidate) => candidate.pool === poolName && candidate.state === "running")
            .sort((a, b) => (a.readyAt ?? 0) - (b.readyAt ?? 0));
        if (node === undefined) {
            throw new Error(`The node pool ${poolName} has no running node`);
        }
        await this.parts.fleet.preempt(node.name);
        return node.name;
    }

    /** Stops all processes of the cluster. Its data remains. */
    async stop(): Promise<void> {
        const { network } = this.args.host;
        const { autoscaler, frontDoor, nameServer, metrics, imagePolicy, volumes, caches, fleet, plane } = this.parts;
        await autoscaler.stop();
        await frontDoor.stop();
        nameServer.stop();
        metrics.stop();
        imagePolicy.stop();
        await volumes.stop();
        for (const cache of caches) {
            cache.stop();
        }
        await fleet.stop();
        await plane.stop();
        await network.remove(network.plan.services(this.record.index).dns);
    }

    private async startParts(): Promise<void> {
        const { network } = this.args.host;
        const { plane, autoscaler, frontDoor, nameServer, metrics, volumes, caches } = this.parts;
        const { dns } = network.plan.services(this.record.index);
        await Promise.all([
            applyDefaults(plane.api, dns),
            awaitDefaultAccount(plane.api),
            network.add(dns),
            ...this.record.pools.map((pool) => applyShape(plane.api, pool)),
        ]);
        await Promise.all(caches.map((cache) => cache.start()));
        await Promise.all([frontDoor.start(), nameServer.start(), volumes.start(), metrics.start()]);
        await this.startNodes();
        autoscaler.start();
    }

    /** A node that fails to restart is not an error: its pods move to another node. */
    private async startNodes(): Promise<void> {
        const { nodes, pools } = this.record;
        await Promise.allSettled(
            nodes.map(async (node) => {
                const pool = pools.find(({ name }) => name === node.pool);
                if (!node.simulated) {
                    await losePods(this.plane.api, node.name);
                }
                // The node registers again, without the taints of an interrupted drain or preemption.
                await this.plane.api.delete(`/api/v1/nodes/${node.name}`);
                if (pool !== undefined) {
                    await this.parts.fleet.add(pool, node.zone, node);
                }
            }),
        );
    }
}

/** Creates the parts of a cluster in order of their dependencies. Only the control plane runs at this point. */
function partsOf(args: ClusterArgs, plane: ControlPlane, cluster: ClusterRecord, name: string, folder: string) {
    const { host, slots, idleMs } = args;
    const { home, network, ports } = host;
    const { api } = plane;
    const { dns } = network.plan.services(cluster.index);
    const record = new StoredRecord(home, cluster);
    const pods = new ObjectCache<Pod>(api, "/api/v1/pods");
    const services = new ObjectCache<Service>(api, "/api/v1/services");
    const slices = new ObjectCache<EndpointSlice>(api, "/apis/discovery.k8s.io/v1/endpointslices");
    const requests = new ObjectCache<ProvisioningRequest>(api, `${PROVISIONING_API}/provisioningrequests`);
    const fleet = new Fleet({
        host,
        plane,
        slots,
        simulator: new NodeSimulator(host, plane, `${name}-kwok`, folder),
        cluster,
        clusterDns: dns,
        onChange: (nodes) => {
            record.change({ nodes });
        },
    });
    const isSimulated = (node: string): boolean => fleet.isSimulated(node);
    const volumes = new Volumes(api, path.join(folder, "volumes"), (node) => fleet.nodes.find((member) => member.name === node)?.zone);
    const autoscaler = new Autoscaler({
        ...{ api, pods, requests, fleet, volumes, cluster, idleMs },
        pools: () => record.current.pools,
        exceededQuota: (pool, nodes) => args.exceededQuota(cluster.id, pool, nodes),
    });
    const frontDoor = new FrontDoor({ network, ports, cluster: cluster.name, services, slices, isSimulated, apiServerPort: plane.port });
    const nameServer = new NameServer({ address: dns, services, slices });
    const metrics = new MetricsAdapter({ api, authority: plane.authority, isSimulated });
    const imagePolicy = new ImagePolicy(plane);
    const caches = [pods, services, slices, requests];
    return { record, plane, fleet, autoscaler, frontDoor, nameServer, metrics, imagePolicy, volumes, caches };
}

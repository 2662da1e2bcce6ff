import type { Node } from "../kube/objects";
import type { ControlPlane, SandboxHost } from "./control-plane/control-plane";
import { awaitPods, deletePods, drain } from "./autoscaler/drain";
import { SandboxNode } from "./node/node";
import { newNodeName } from "./node/node-names";
import type { NodePool } from "./gke/node-pool";
import type { NodeSlots } from "./node/node-slots";
import type { NodeSimulator } from "./simulated/node-simulator";
import { SimulatedNode } from "./simulated/simulated-node";

/** Data to restart a node. */
export interface NodeRecord {
    readonly name: string;
    readonly pool: string;
    readonly zone: string;
    /** Whether the node is simulated and runs no containers. */
    readonly simulated: boolean;
}

/** A node of the fleet. */
export interface FleetNode extends NodeRecord {
    readonly state: "starting" | "running" | "leaving";
    /** Time at which the node became ready; undefined before. */
    readonly readyAt: number | undefined;
}

interface Member {
    readonly record: NodeRecord;
    readonly node: { start(): Promise<void>; stop(): Promise<void>; addImage?(archive: string): Promise<void> };
    /** The node's slot among the real nodes; undefined for a simulated node. */
    readonly slot: number | undefined;
    state: FleetNode["state"];
    readyAt: number | undefined;
    /** Resolves when the node has started. Stopping a node waits for this. */
    started: Promise<void>;
}

/** The cluster that the fleet belongs to. */
export interface FleetArgs {
    readonly host: SandboxHost;
    readonly plane: ControlPlane;
    readonly slots: NodeSlots;
    readonly simulator: NodeSimulator;
    readonly cluster: { readonly name: string; readonly project: string };
    readonly clusterDns: string;
    /** Called with all records when a node is added or removed. */
    readonly onChange: (nodes: readonly NodeRecord[]) => void;
}

/** Termination period of preempted pods. https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms#termination-graceful-shutdown */
const PREEMPTION_GRACE_MS = 15_000;

/** The nodes of a cluster: as many real nodes as the machine can run, then simulated ones. */
export class Fleet {
    private readonly members = new Map<string, Member>();

    constructor(private readonly args: FleetArgs) {}

    get nodes(): readonly FleetNode[] {
        return [...this.members.values()].map(({ record, state, readyAt }) => ({ ...record, state, readyAt }));
    }

    /** Notes for the user: the number of simulated nodes, and the reason. */
    get notes(): readonly string[] {
        const simulated = this.nodes.filter((node) => node.simulated).length;
        if (simulated === 0) {
            return [];
        }
        return [
            `${simulated} of ${this.members.size} nodes are simulated, because this machine runs at most ${this.args.slots.limit} real nodes: ` +
                "pods on them report ready, or completed, but no container runs and nothing answers",
        ];
    }

    isSimulated(name: string): boolean {
        return this.members.get(name)?.record.simulated === true;
    }

    /**
     * Starts a node and waits until it is ready. The node is simulated if the machine cannot run another real one.
     * @param again record of a node from an earlier start; the new node keeps its name
     * @throws Error if the node does not start; it is then removed
     */
    async add(pool: NodePool, zone: string, again?: NodeRecord): Promise<void> {
        const { host, plane, slots, simulator, cluster, clusterDns } = this.args;
        const { name } = again ?? { name: newNodeName(cluster.name, pool.name) };
        // A simulated node stays simulated, because its pods produced no results.
        const slot = again?.simulated === true ? undefined : slots.take();
        const record: NodeRecord = { name, pool: pool.name, zone, simulated: slot === undefined };
        const common = { name, pool, zone, project: cluster.project };
        const node =
            slot === undefined
                ? new SimulatedNode(plane.api, simulator, common)
                : new SandboxNode(host, plane, { ...common, slot, clusterDns });
        const started = node.start();
        const member: Member = { record, node, slot, state: "starting", readyAt: undefined, started };
        this.members.set(record.name, member);
        try {
            await started;
        } catch (error) {
            this.forget(member);
            await plane.api.delete(`/api/v1/nodes/${record.name}`).catch(() => undefined);
            throw error;
        }
        member.readyAt = Date.now();
        if (member.state === "starting") {
            member.state = "running";
        }
        this.changed();
    }

    /** Imports the image of a system workload into the real nodes without GPUs. */
    async addImage(archive: string): Promise<void> {
        await Promise.all(
            [...this.members.values()].map(async ({ node }) => {
                await node.addImage?.(archive);
            }),
        );
    }

    /**
     * Drains a node and removes it from the cluster.
     * @param drainMs how long to respect disruption budgets, in milliseconds
     */
    async remove(name: string, drainMs: number): Promise<void> {
        await this.leave(name, async () => {
            await drain(this.args.plane.api, name, drainMs);
        });
    }

    /**
     * Stops a node as Compute Engine preempts a spot VM: its pods are marked as disrupted, receive SIGTERM, and are killed after 15
     * seconds.
     */
    async preempt(name: string): Promise<void> {
        const { api } = this.args.plane;
        await this.leave(name, async () => {
            const { spec } = await api.get<Node>(`/api/v1/nodes/${name}`);
            const taints = [...(spec?.taints ?? []), { key: "cloud.google.com/impending-node-termination", effect: "NoExecute" }];
            await api.patch(`/api/v1/nodes/${name}`, "merge-patch", { spec: { unschedulable: true, taints } });
            await awaitPods(api, name, PREEMPTION_GRACE_MS);
        });
    }

    /** Stops all nodes immediately. The cluster's objects remain for the next start. */
    async stop(): Promise<void> {
        await Promise.all(
            [...this.members.values()].map(async (member) => {
                member.state = "leaving";
                await member.started.catch(() => undefined);
                await member.node.stop();
                this.members.delete(member.record.name);
                if (member.slot !== undefined) {
                    this.args.slots.release(member.slot);
                }
            }),
        );
        await this.args.simulator.stop();
    }

    private async leave(name: string, before: () => Promise<void>): Promise<void> {
        const { api } = this.args.plane;
        const member = this.members.get(name);
        if (member === undefined || member.state === "leaving") {
            return;
        }
        member.state = "leaving";
        await member.started.catch(() => undefined);
        try {
            await before();
        } finally {
            await member.node.stop();
            this.forget(member);
        }
        await deletePods(api, name);
        await api.delete(`/api/v1/nodes/${name}`);
    }

    private forget(member: Member): void {
        this.members.delete(member.record.name);
        if (member.slot !== undefined) {
            this.args.slots.release(member.slot);
        }
        this.changed();
    }

    private changed(): void {
        this.args.onChange([...this.members.values()].filter(({ readyAt }) => readyAt !== undefined).map(({ record }) => record));
    }
}

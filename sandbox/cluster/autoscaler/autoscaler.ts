import type { Pod } from "../../kube/objects";
import { type PodEvent, writeEvent } from "./cluster-events";
import { cordonIdle } from "./drain";
import type { Fleet } from "../fleet";
import type { KubeApi } from "../../kube/api";
import { groupName } from "../node/node-names";
import type { NodePool } from "../gke/node-pool";
import type { ObjectCache } from "../../kube/object-cache";
import { Reconciler } from "../../kube/reconciler";
import { type ResourceList, plus, requestsOf } from "../../kube/resources";
import type { Volumes } from "../gke/volumes";
import { decideScaleDown, type IdleSince, keepsNode } from "./scale-down";
import { answer, isOpen, podsOf, type ProvisioningRequest, verdictOn } from "./provisioning-requests";
import { type Addition, decideScaleUp, limitOf, type PoolState, type Situation } from "./scale-up";

/** Dependencies of the autoscaler. */
export interface AutoscalerArgs {
    readonly api: KubeApi;
    readonly pods: ObjectCache<Pod>;
    readonly requests: Pick<ObjectCache<ProvisioningRequest>, "values">;
    readonly fleet: Fleet;
    readonly volumes: Pick<Volumes, "claimsOf">;
    readonly cluster: { readonly name: string; readonly project: string };
    readonly pools: () => readonly NodePool[];
    /** Returns the message for a quota of Compute Engine that more nodes of a pool would exceed; undefined if the quotas suffice. */
    readonly exceededQuota: (pool: string, nodes: number) => string | undefined;
    /** How long a node may be idle, in milliseconds; ten minutes on GKE. */
    readonly idleMs: number;
}

/** Time for the scheduler to use a new node: it retries a pod after at most ten seconds. */
const SETTLE_MS = 15_000;
/** Back-off of a pool after a node failed to start. */
const BACKOFF_MS = 30_000;
const LOOK_EVERY_MS = 2_000;
const COMPONENT = "cluster-autoscaler";

/** Adds nodes for unschedulable pods, and removes idle nodes. */
export class Autoscaler {
    private readonly told = new Map<string, string>();
    private readonly failedAt = new Map<string, { readonly at: number; readonly message: string }>();
    private readonly waitingSince = new Map<string, number>();
    private idleSince: IdleSince = new Map();
    private readonly reconciler = new Reconciler(COMPONENT, () => this.look());
    private timer: NodeJS.Timeout | undefined;

    constructor(private readonly args: AutoscalerArgs) {}

    start(): void {
        this.args.pods.onChange(() => {
            this.reconciler.request();
        });
        this.timer = setInterval(() => {
            this.reconciler.request();
        }, LOOK_EVERY_MS);
        this.reconciler.request();
    }

    async stop(): Promise<void> {
        clearInterval(this.timer);
        await this.reconciler.stop();
    }

    /** Notes for the user: pools whose nodes fail to start. */
    get notes(): readonly string[] {
        return [...this.failedAt].map(([pool, { message }]) => `A node of pool ${pool} did not start: ${message}`);
    }

    private async look(): Promise<void> {
        await this.provision();
        await this.scaleUp();
        await this.scaleDown();
    }

    /** Answers provisioning requests: a request gets all of its nodes, or none. */
    private async provision(): Promise<void> {
        const { api, requests, fleet } = this.args;
        for (const request of requests.values().filter(isOpen)) {
            const decision = decideScaleUp(this.situation(await podsOf(api, request)));
            const verdict = verdictOn(decision);
            if (!verdict.fits) {
                await answer(api, request, "ResourcePoolExhausted", `Waiting for resources: ${verdict.reason}`);
                continue;
            }
            const exceeded = this.exceededBy(decision.additions);
            if (exceeded !== undefined) {
                await answer(api, request, "QuotaExceeded", exceeded);
                continue;
            }
            await Promise.all(decision.additions.map(({ pool, zone }) => fleet.add(pool, zone)));
            await answer(api, request, "Provisioned", "Provisioning Request was successfully provisioned.");
        }
    }

    /** Returns the message for a quota that all additions together exceed. */
    private exceededBy(additions: readonly Addition[]): string | undefined {
        const pools = [...new Set(additions.map(({ pool }) => pool.name))];
        return pools
            .map((name) => this.args.exceededQuota(name, additions.filter(({ pool }) => pool.name === name).length))
            .find((exceeded) => exceeded !== undefined);
    }

    private async scaleUp(): Promise<void> {
        const pending = this.args.pods.values().filter(isUnschedulable);
        const now = Date.now();
        for (const [pool, { at }] of this.failedAt) {
            if (now - at > BACKOFF_MS) {
                this.failedAt.delete(pool);
            }
        }
        const { additions, refusals, waiting } = decideScaleUp(this.situation(pending));
        forgetOthers(this.waitingSince, pending);
        for (const pod of waiting) {
            if (!this.waitingSince.has(uid(pod))) {
                this.waitingSince.set(uid(pod), now);
            }
        }
        for (const { pod, reason } of refusals) {
            await this.tell(pod, "Normal", "NotTriggerScaleUp", `pod didn't trigger scale-up: ${reason}`);
        }
        for (const addition of additions) {
            await this.add(addition);
        }
        forgetOthers(this.told, this.args.pods.values());
    }

    private situation(pending: readonly Pod[]): Situation {
        const now = Date.now();
        return {
            pools: this.poolStates(),
            nodes: this.args.fleet.nodes
                .filter(({ state }) => state !== "leaving")
                .map(({ name, pool, zone, readyAt }) => ({
                    pool,
                    zone,
                    used: this.usedOn(name),
                    settled: now - (readyAt ?? now) > SETTLE_MS,
                })),
            pending,
            claimsOf: (pod) => this.args.volumes.claimsOf(pod),
            impatient: new Set([...this.waitingSince].filter(([, since]) => now - since > SETTLE_MS).map(([key]) => key)),
        };
    }

    private async add({ pool, zone, before, pods }: Addition): Promise<void> {
        const { project, name } = this.args.cluster;
        const group = `https://www.googleapis.com/compute/v1/projects/${project}/zones/${zone}/instanceGroups/${groupName(name, pool.name)}-grp`;
        const message = `pod triggered scale-up: [{${group} ${before}->${before + 1} (max: ${limitOf(pool)})}]`;
        const exceeded = this.args.exceededQuota(pool.name, 1);
        if (exceeded === undefined) {
            // Not awaited, so that several nodes start in parallel. The node counts from now on.
            void this.args.fleet
                .add(pool, zone)
                .catch((error: unknown) => this.fail({ pool, zone, pods }, String(error), "Internal error"));
        }
        for (const pod of pods) {
            await this.tell(pod, "Normal", "TriggeredScaleUp", message);
        }
        if (exceeded !== undefined) {
            await this.fail({ pool, zone, pods }, exceeded, "GCE quota exceeded");
        }
    }

    /**
     * Backs off from a pool after a node did not start, and writes an event for each pod.
     * https://cloud.google.com/kubernetes-engine/docs/troubleshooting/cluster-autoscaler-scale-up
     * @param message for the user of the sandbox
     * @param reason in the words of GKE. The event does not name the quota: huggingface/Google-Cloud-Containers#126
     */
    private async fail({ pool, zone, pods }: Pick<Addition, "pool" | "zone" | "pods">, message: string, reason: string): Promise<void> {
        this.failedAt.set(pool.name, { at: Date.now(), message });
        const text = `Node scale up in zones ${zone} associated with this pod failed: ${reason}. Pod is at risk of not being scheduled.`;
        for (const pod of pods) {
            await this.tell(pod, "Warning", "FailedScaleUp", text);
        }
    }

    private async scaleDown(): Promise<void> {
        const { api, fleet, idleMs } = this.args;
        const nodes = fleet.nodes
            .filter(({ state, readyAt }) => state === "running" && Date.now() - (readyAt ?? Date.now()) > SETTLE_MS)
            .map(({ name }) => ({ name, pods: this.podsOn(name) }));
        const { remove, idleSince } = decideScaleDown(nodes, this.idleSince, Date.now(), idleMs);
        this.idleSince = idleSince;
        for (const name of remove) {
            if (await cordonIdle(api, name)) {
                await fleet.remove(name, 0);
            }
        }
    }

    private poolStates(): readonly PoolState[] {
        return this.args.pools().map((pool) => {
            const nodes: Record<string, number> = {};
            for (const node of this.args.fleet.nodes) {
                if (node.pool === pool.name) {
                    nodes[node.zone] = (nodes[node.zone] ?? 0) + 1;
                }
            }
            return { pool, nodes, backedOff: this.failedAt.has(pool.name) };
        });
    }

    private podsOn(node: string): readonly Pod[] {
        return this.args.pods.values().filter(({ spec }) => spec.nodeName === node);
    }

    private usedOn(node: string): ResourceList {
        return this.podsOn(node).filter(keepsNode).map(requestsOf).reduce(plus, {});
    }

    /** Writes each event only once. */
    private async tell(pod: Pod, type: PodEvent["type"], reason: string, message: string): Promise<void> {
        if (this.told.get(uid(pod)) === message) {
            return;
        }
        this.told.set(uid(pod), message);
        await writeEvent(this.args.api, { pod, type, reason, message, component: COMPONENT });
    }
}

function uid(pod: Pod): string {
    return pod.metadata.uid ?? "";
}

/** Removes the entries of all other pods. */
function forgetOthers(byUid: Map<string, unknown>, pods: readonly Pod[]): void {
    const kept = new Set(pods.map(uid));
    for (const key of byUid.keys()) {
        if (!kept.has(key)) {
            byUid.delete(key);
        }
    }
}

/** Whether the scheduler found no node for the pod and a new node could help. A new node does not help a pod with a missing claim. */
export function isUnschedulable({ metadata, spec, status }: Pod): boolean {
    if (spec.nodeName !== undefined || metadata.deletionTimestamp !== undefined || status?.phase !== "Pending") {
        return false;
    }
    const scheduled = status.conditions?.find(({ type }) => type === "PodScheduled");
    if (scheduled?.status !== "False" || scheduled.reason !== "Unschedulable") {
        return false;
    }
    return !/persistentvolumeclaim/i.test(scheduled.message ?? "");
}

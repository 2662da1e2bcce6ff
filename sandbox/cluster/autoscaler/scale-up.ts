import { GPU_RESOURCE } from "../../../gke/gpu-nodes";
import type { Pod } from "../../kube/objects";
import { labelsOf, taintsOf, type NodePool } from "../gke/node-pool";
import { shapeOf } from "../gke/node-shape";
import { matchesTerms, selects, untolerated } from "./placement";
import type { UsedClaim } from "../gke/volumes";
import { type ResourceList, resourceList, minus, requestsOf, shortages } from "../../kube/resources";

/** A node pool, as the autoscaler sees it. */
export interface PoolState {
    readonly pool: NodePool;
    /** Number of nodes per zone, including nodes that are starting. */
    readonly nodes: Readonly<Record<string, number>>;
    /** Whether the pool's last node failed to start recently. */
    readonly backedOff: boolean;
}

/** A node that exists or is starting. */
export interface ExistingNode {
    readonly pool: string;
    readonly zone: string;
    /** Total requests of the pods on the node. */
    readonly used: ResourceList;
    /** Whether the scheduler has had time to try the pending pods on the node. */
    readonly settled: boolean;
}

/** Input of a decision. */
export interface Situation {
    readonly pools: readonly PoolState[];
    readonly nodes: readonly ExistingNode[];
    /** Pods that the scheduler could not place. */
    readonly pending: readonly Pod[];
    /**
     * UIDs of pods that waited too long for a node that they appear to fit: the scheduler rejects it for a reason that the autoscaler does
     * not check.
     */
    readonly impatient: ReadonlySet<string>;
    readonly claimsOf: (pod: Pod) => readonly UsedClaim[];
}

/** A node to add, and the pods that need it. */
export interface Addition {
    readonly pool: NodePool;
    readonly zone: string;
    /** Number of nodes in the pool before the addition. */
    readonly before: number;
    readonly pods: readonly Pod[];
}

/** A pod for which no new node would help, or no node can be added. */
export interface Refusal {
    readonly pod: Pod;
    /** The cluster autoscaler's wording. */
    readonly reason: string;
}

/** Maximum number of nodes in a pool. A pool without an autoscaler keeps its initial size. */
export function limitOf(pool: NodePool): number {
    return pool.autoscaled ? pool.maxNodes : pool.initialNodes;
}

interface Group {
    readonly pool: NodePool;
    readonly zone: string;
    readonly allocatable: ResourceList;
}

interface Bin extends Group {
    free: ResourceList;
    readonly settled: boolean;
    /** Undefined for a node that exists or is starting. */
    readonly addition: { before: number; pods: Pod[] } | undefined;
}

/** The result of a decision. */
export interface ScaleUp {
    readonly additions: readonly Addition[];
    readonly refusals: readonly Refusal[];
    /** Pods that fit an existing or starting node: the scheduler retries a pod after at most ten seconds. */
    readonly waiting: readonly Pod[];
}

/**
 * Decides which nodes to add for the pending pods, as GKE's autoscaler does: a pod uses an existing or starting node if it fits, else a new
 * node of the pool with the least waste. Pod affinity is left to the scheduler: if it rejects the new node, the next run decides again.
 */
export function decideScaleUp(situation: Situation): ScaleUp {
    const groups = situation.pools.flatMap(({ pool, nodes }) => groupsOf(pool, nodes));
    const backedOff = new Set(situation.pools.filter((state) => state.backedOff).map(({ pool }) => pool.name));
    const bins: Bin[] = situation.nodes.flatMap(({ pool, zone, used, settled }) => {
        const group = groups.find((candidate) => candidate.pool.name === pool && candidate.zone === zone);
        return group === undefined ? [] : [{ ...group, free: minus(group.allocatable, used), settled, addition: undefined }];
    });
    const size = new Map(
        situation.pools.map(({ pool, nodes }) => [pool.name, Object.values(nodes).reduce((sum, count) => sum + count, 0)]),
    );
    const refusals: Refusal[] = [];
    const waiting: Pod[] = [];
    /** Zone of each claim without a volume. Pods that share such a claim must run in the same zone. */
    const zoneOfClaim = new Map<string, string>();
    for (const pod of largestFirst(situation.pending)) {
        const requests = requestsOf(pod);
        const open = bins.filter(({ settled }) => !settled || !situation.impatient.has(pod.metadata.uid ?? ""));
        const place =
            open.find((bin) => (obstacle(pod, requests, bin, bin.free) ?? distance(pod, bin)) === undefined) ?? newBin(pod, requests);
        if (place === undefined) {
            continue;
        }
        place.free = minus(place.free, requests);
        for (const { key, reachedFrom } of situation.claimsOf(pod)) {
            if (reachedFrom === undefined) {
                zoneOfClaim.set(key, place.zone);
            }
        }
        (place.addition?.pods ?? waiting).push(pod);
    }
    return {
        additions: bins.flatMap(({ pool, zone, addition }) => (addition === undefined ? [] : [{ pool, zone, ...addition }])),
        refusals,
        waiting,
    };

    function distance(pod: Pod, { pool, zone }: Group): string | undefined {
        const near = situation
            .claimsOf(pod)
            .every(({ key, reachedFrom }) =>
                reachedFrom === undefined ? (zoneOfClaim.get(key) ?? zone) === zone : matchesTerms(reachedFrom, labelsOf(pool, zone)),
            );
        return near ? undefined : "node(s) didn't match PersistentVolume's node affinity";
    }

    function newBin(pod: Pod, requests: ResourceList): Bin | undefined {
        const obstacles = groups.map((group) => {
            const full = (size.get(group.pool.name) ?? 0) >= limitOf(group.pool) ? "max node group size reached" : undefined;
            const failed = backedOff.has(group.pool.name) ? "in backoff after failed scale-up" : undefined;
            return obstacle(pod, requests, group, group.allocatable) ?? distance(pod, group) ?? full ?? failed;
        });
        const fitting = groups.filter((_, index) => obstacles[index] === undefined);
        const [best] = fitting.sort((a, b) => waste(a, requests) - waste(b, requests));
        if (best === undefined) {
            refusals.push({ pod, reason: summary(obstacles.filter((text) => text !== undefined)) });
            return undefined;
        }
        const before = size.get(best.pool.name) ?? 0;
        size.set(best.pool.name, before + 1);
        const bin: Bin = { ...best, free: best.allocatable, settled: false, addition: { before, pods: [] } };
        bins.push(bin);
        return bin;
    }
}

/** Returns one group per zone. The zone with the fewest nodes comes first. */
function groupsOf(pool: NodePool, nodes: Readonly<Record<string, number>>): readonly Group[] {
    const allocatable = resourceList(shapeOf(pool).allocatable);
    return [...pool.zones].sort((a, b) => (nodes[a] ?? 0) - (nodes[b] ?? 0)).map((zone) => ({ pool, zone, allocatable }));
}

/**
 * Annotation of pods that use the nodes of a ProvisioningRequest. Kueue sets it.
 * https://kueue.sigs.k8s.io/docs/concepts/admission_check/provisioning_request/
 */
export const PROVISIONING_REQUEST = "autoscaling.x-k8s.io/consume-provisioning-request";

/** Returns why a pod does not fit a node, in the scheduler's wording; undefined if it fits. */
function obstacle(pod: Pod, requests: ResourceList, { pool, zone }: Group, available: ResourceList): string | undefined {
    const [taint] = untolerated(pod, taintsOf(pool));
    if (pool.queued && pod.metadata.annotations?.[PROVISIONING_REQUEST] === undefined) {
        return "node(s) come for provisioning requests only";
    }
    if (taint !== undefined) {
        return `node(s) had untolerated taint {${taint.key}: ${taint.value}}`;
    }
    if (!selects(pod, labelsOf(pool, zone))) {
        return "node(s) didn't match Pod's node affinity/selector";
    }
    const [short] = shortages(requests, available);
    return short === undefined ? undefined : `Insufficient ${short}`;
}

/** Unused GPUs count more than any number of cores. */
function waste({ allocatable }: Group, requests: ResourceList): number {
    const left = minus(allocatable, requests);
    return (left[GPU_RESOURCE] ?? 0) * 1e6 + (left.cpu ?? 0);
}

function largestFirst(pods: readonly Pod[]): readonly Pod[] {
    const weight = (pod: Pod): number => {
        const requests = requestsOf(pod);
        return (requests[GPU_RESOURCE] ?? 0) * 1e6 + (requests.cpu ?? 0);
    };
    return [...pods].sort((a, b) => weight(b) - weight(a));
}

function summary(reasons: readonly string[]): string {
    const counts = new Map<string, number>();
    for (const reason of reasons) {
        counts.set(reason, (counts.get(reason) ?? 0) + 1);
    }
    return counts.size === 0 ? "the cluster has no node pool" : [...counts].map(([reason, count]) => `${count} ${reason}`).join(", ");
}

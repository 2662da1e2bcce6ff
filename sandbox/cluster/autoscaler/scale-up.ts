import type { Pod } from "../../kube/objects";
import { labelsOf, taintsOf, type NodePool } from "../gke/node-pool";
import { GPU_RESOURCE, shapeOf } from "../gke/node-shape";
import { matchesTerms, selects, untolerated } from "./placement";
import type { UsedClaim } from "../gke/volumes";
import { type ResourceList, resourceList, minus, requestsOf, shortages } from "../../kube/resources";

/** A pool as the autoscaler sees it. */
export interface PoolState {
    readonly pool: NodePool;
    /** Number of nodes by zone, starting ones included. */
    readonly nodes: Readonly<Record<string, number>>;
    /** Whether its last node recently failed to start. */
    readonly backedOff: boolean;
}

/** A node that exists or is starting. */
export interface ExistingNode {
    readonly pool: string;
    readonly zone: string;
    /** Requests of the pods on it. */
    readonly used: ResourceList;
    /** Whether the scheduler had time to try the pending pods on it. */
    readonly settled: boolean;
}

/** Input of a decision. */
export interface Situation {
    readonly pools: readonly PoolState[];
    readonly nodes: readonly ExistingNode[];
    /** Pods that the scheduler found no node for. */
    readonly pending: readonly Pod[];
    /** Unique ids of pods that waited too long for a node that they seem to fit: the scheduler has a reason that is unknown here. */
    readonly impatient: ReadonlySet<string>;
    readonly claimsOf: (pod: Pod) => readonly UsedClaim[];
}

/** A node to add, and the pods that it is for. */
export interface Addition {
    readonly pool: NodePool;
    readonly zone: string;
    /** Nodes of the pool before it. */
    readonly before: number;
    readonly pods: readonly Pod[];
}

/** A pod that no new node would help, or that no node can be added for. */
export interface Refusal {
    readonly pod: Pod;
    /** In the words of the cluster autoscaler. */
    readonly reason: string;
}

/** The most nodes that a pool may have: a pool without an autoscaler stays at its size. */
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

/** A decision. */
export interface ScaleUp {
    readonly additions: readonly Addition[];
    readonly refusals: readonly Refusal[];
    /** Pods that fit a node that exists or is starting: the scheduler retries a pod after a pause of up to ten seconds. */
    readonly waiting: readonly Pod[];
}

/**
 * Which nodes to add for the pending pods, as GKE's autoscaler decides: a pod goes to a node that exists or is starting if it fits, else to a new node of
 * the pool with the least waste. Affinity between pods is left to the scheduler: if it refuses a pod on the new node, the next run decides
 * again.
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
    /** Zone of each claim without a volume: pods that share one go to one zone. */
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

/** One group for each zone, the one with the fewest nodes first. */
function groupsOf(pool: NodePool, nodes: Readonly<Record<string, number>>): readonly Group[] {
    const allocatable = resourceList(shapeOf(pool).allocatable);
    return [...pool.zones].sort((a, b) => (nodes[a] ?? 0) - (nodes[b] ?? 0)).map((zone) => ({ pool, zone, allocatable }));
}

/** Annotation of pods that use the nodes of a ProvisioningRequest; Kueue sets it. https://kueue.sigs.k8s.io/docs/concepts/admission_check/provisioning_request/ */
const PROVISIONING_REQUEST = "autoscaling.x-k8s.io/consume-provisioning-request";

/** Why a pod does not fit such a node, in the scheduler's words; undefined if it fits. */
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

/** GPUs that would be left unused count more than any number of cores. */
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

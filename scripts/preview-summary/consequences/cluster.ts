import type { Change } from "../engine/change";
import type { Consequence } from "../classes";
import type { State } from "../engine/preview";
import { amount, code, codes, shown } from "../engine/values";
import { counted, isRemoval, undone, what } from "../wording";

/**
 * Settings of a pool that GKE applies by recreating its nodes one by one.
 * https://cloud.google.com/kubernetes-engine/docs/concepts/node-pool-upgrade-strategies
 */
const REMAKES_NODES =
    /^(version|nodeConfig\.(machineType|diskType|diskSizeGb|imageType|gcfsConfig|gvnic|kubeletConfig|linuxNodeConfig|workloadMetadataConfig|serviceAccount))/;

/** Consequences for clusters and node pools. */
export function clusterConsequence(change: Change): Consequence | undefined {
    if (change.type === "gcp:container/cluster:Cluster" && isRemoval(change)) {
        return { class: "cluster-replaced", text: `${what(change)} is ${undone(change)}: all its nodes, services and runs end` };
    }
    if (change.type !== "gcp:container/nodePool:NodePool") {
        return undefined;
    }
    const pool = poolName(change);
    if (isRemoval(change)) {
        return { class: "nodes-drained", text: `${pool} is ${undone(change)}: drains ${nodes(change.old)}` };
    }
    const remaking = change.fields.filter((field) => REMAKES_NODES.test(field));
    if (change.action !== "update" || remaking.length === 0) {
        return undefined;
    }
    return {
        class: "nodes-drained",
        text: `${pool} recreates its nodes, because ${codes(remaking)} ${remaking.length === 1 ? "changes" : "change"}: drains ${nodes(change.old)}`,
    };
}

function poolName({ name, old, new: fresh }: Change): string {
    const accelerator = shown((old ?? fresh)?.inputs, "nodeConfig", "guestAccelerators", 0, "type");
    return accelerator === undefined ? `Node pool ${code(name)}` : `GPU pool ${code(name)} (${code(accelerator)})`;
}

/** Number of nodes of a pool: those in the state, and the maximum of its autoscaler. */
function nodes(state: State | undefined): string {
    const most = amount(state?.inputs, "autoscaling", "totalMaxNodeCount") ?? amount(state?.inputs, "autoscaling", "maxNodeCount");
    const zones = state?.outputs.nodeLocations;
    const perZone = amount(state?.outputs, "nodeCount");
    const limit = most === undefined ? "" : ` (at most ${most})`;
    if (perZone === undefined) {
        return most === undefined ? "its nodes" : `up to ${counted(most, "node")}`;
    }
    return `${counted(perZone * (Array.isArray(zones) && zones.length > 0 ? zones.length : 1), "node")}, as of the last refresh${limit}`;
}

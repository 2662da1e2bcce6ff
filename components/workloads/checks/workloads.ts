import { meantWord } from "../../config/remedies/word-intent";
import type { Rule } from "../../config/rule";
import { advise, choose, keyOf, remedyText, set } from "../../config/problem";
import { egressHosts, egressNamespaces, egressRanges, oneDestination } from "./egress";
import { deploymentChecks } from "./deployments";
import { ownNamespaces } from "./namespaces";
import { podSizeChecks } from "./pod-size";
import { fitting, nodesFor } from "../placement/packing";
import { queuedRuns, queuedServices } from "./queued-pools";
import { distinctSecrets, freeSecretVariables, secretManagerOn } from "./secrets";
import { noDerivedVariables, noSecretVariables, tensorboardTracker } from "./variables";
import { volumeChecks } from "./volumes";
import { poolNodes } from "../placement/pool-nodes";
import { sizeOf, type Workload } from "../placement/workload";

/** Maximum number of names that are compared with an unknown one. */
const MOST_COMPARED = 100;

/** The pool that a workload names exists. */
export const poolExists: Rule<"cluster" | "workloads"> = ({ cluster, workloads }, report) => {
    const names = cluster?.pools.map(({ name }) => name);
    if (names === undefined) {
        return;
    }
    const known = new Set(names);
    const basis = names.map((_, index) => keyOf("cluster", "pools", index));
    for (const { at, pool } of workloads.filter((workload) => !known.has(workload.pool))) {
        const key = at("pool");
        if (names.length === 0) {
            report(
                key,
                `the cluster has no pool ${pool}, and no GPU pools at all`,
                advise(`Add a pool of that name to ${keyOf("cluster", "pools")}.`),
                [keyOf("cluster", "pools")],
            );
            continue;
        }
        const meant = names.length > MOST_COMPARED ? undefined : meantWord(pool, names);
        if (meant === undefined) {
            report(key, `the cluster has no pool ${pool}, only ${listed(names)}`, choose(key, names), basis);
        } else {
            report(key, `the cluster has no pool ${pool}; the nearest is ${meant}`, set(key, meant), basis);
        }
    }
};

/**
 * MPS needs `hostIPC: true` in each pod, which the namespaces of this stack refuse (Pod Security `restricted`). An MPS pool may still serve pods
 * of other namespaces. Source: https://cloud.google.com/kubernetes-engine/docs/how-to/nvidia-mps-gpus
 */
export const noMpsUnderRestricted: Rule<"cluster" | "workloads"> = ({ cluster, workloads }, report) => {
    const usersOf = byPool(workloads);
    cluster?.pools.forEach(({ name, sharing }, index) => {
        const users = usersOf.get(name) ?? [];
        if (sharing?.strategy === "mps" && users.length > 0) {
            const key = keyOf("cluster", "pools", index, "sharing", "strategy");
            report(
                key,
                `is mps, for which pods must share the host's IPC; the namespace of ${listed(users.map(({ title }) => title))} refuses that (Pod Security restricted), and time-sharing does not need it`,
                set(key, "time-sharing"),
                users.map(({ at }) => at()),
            );
        }
    });
};

/** Workloads by the name of their pool. */
function byPool(workloads: readonly Workload[]): ReadonlyMap<string, readonly Workload[]> {
    const pools = new Map<string, Workload[]>();
    for (const workload of workloads) {
        const others = pools.get(workload.pool);
        if (others === undefined) {
            pools.set(workload.pool, [workload]);
        } else {
            others.push(workload);
        }
    }
    return pools;
}

/** A list that names only the first few of many. */
const listed = (titles: readonly string[]): string =>
    titles.length <= 5 ? titles.join(", ") : `${titles.slice(0, 4).join(", ")} and ${titles.length - 4} more`;

const podsOf = (workload: Workload) => ({ size: sizeOf(workload), count: workload.pods });

/** A pool can grow until all its pods run. */
export const poolsSuffice: Rule<"cluster" | "workloads"> = ({ cluster, workloads: all }, report) => {
    const usersOf = byPool(all);
    const poolNode = poolNodes(cluster);
    cluster?.pools.forEach(({ name, maxNodes }, index) => {
        const node = poolNode.get(name);
        if (node === undefined) {
            return;
        }
        // Other rules report a pod that fits no node.
        const workloads = (usersOf.get(name) ?? []).filter((workload) => fitting(sizeOf(node), sizeOf(workload)) > 0);
        const together = workloads.filter(({ queued }) => !queued);
        // Queued runs wait for each other, so each needs only enough nodes in addition to the workloads outside the queue.
        const groups = [together, ...workloads.filter(({ queued }) => queued).map((run) => [...together, run])];
        const nodes = Math.max(...groups.map((group) => nodesFor(group.map(podsOf), sizeOf(node))));
        if (nodes > maxNodes) {
            const key = keyOf("cluster", "pools", index, "maxNodes");
            const pods = listed(workloads.map((workload) => `${workload.title}: ${workload.pods} × ${workload.gpus} GPU`));
            report(
                key,
                `${maxNodes} is too few: ${pods} need ${nodes} nodes`,
                advise(`For ${nodes} nodes: ${remedyText(set(key, nodes))}; or reduce the number of pods.`),
                workloads.map(({ at }) => at()),
            );
        }
    });
};

/** The rules of everything that runs in the cluster. */
export const workloadChecks: readonly Rule<"cluster" | "training" | "workloads">[] = [
    ownNamespaces,
    ...deploymentChecks,
    poolExists,
    queuedRuns,
    queuedServices,
    ...podSizeChecks,
    noMpsUnderRestricted,
    oneDestination,
    egressHosts,
    egressRanges,
    egressNamespaces,
    noDerivedVariables,
    noSecretVariables,
    distinctSecrets,
    freeSecretVariables,
    secretManagerOn,
    ...volumeChecks,
    tensorboardTracker,
    poolsSuffice,
];

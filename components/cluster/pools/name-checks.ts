import { advise, inOrder, keyOf, remove, set, type Remedy } from "../../config/problem";
import type { Rule } from "../../config/rule";
import type { Workload } from "../../workloads/placement/workload";
import { poolSuffix } from "../../workloads/placement/pool-sources";
import { eachPool } from "./each-pool";

/** Most commands of one remedy. */
const MOST_COMMANDS = 10;

/** Renames a pool, also in the workloads that refer to it. */
function renamed(workloads: readonly Workload[], index: number, from: string, to: string): Remedy {
    const users = workloads.filter(({ pool }) => pool === from);
    return users.length < MOST_COMMANDS
        ? inOrder(set(keyOf("cluster", "pools", index, "name"), to), ...users.map(({ at }) => set(at("pool"), to)))
        : advise(`Rename it to ${to}, also in the ${users.length} services and runs that name it.`);
}

/** The names of pools are unique, and none is the name of the system pool. */
export const uniquePools: Rule<"cluster"> = ({ cluster }, report) => {
    const names = new Set(["system"]);
    cluster?.pools.forEach(({ name }, index) => {
        const key = keyOf("cluster", "pools", index, "name");
        if (names.has(name)) {
            report(key, `${name} is the name of another pool`, set(key, `${name}-${index + 1}`));
        }
        names.add(name);
    });
};

/** No two pools have a node pool of the same name: the fallback of `big` to spot is `big-spot`. */
export const uniqueNodePools: Rule<"cluster" | "workloads"> = ({ cluster, workloads }, report) => {
    const owners = new Map<string, string>();
    cluster?.pools.forEach((pool, index) => {
        const suffixes = pool.capacity.map((capacity) => poolSuffix(pool, capacity));
        const taken = suffixes.find((suffix) => ![undefined, pool.name].includes(owners.get(suffix)));
        if (taken !== undefined) {
            const key = keyOf("cluster", "pools", index, "name");
            const remedy = renamed(workloads, index, pool.name, `${pool.name}-${index + 1}`);
            report(key, `${pool.name} and ${owners.get(taken)} both have a node pool ${taken}`, remedy);
        }
        suffixes.forEach((suffix) => owners.set(suffix, owners.get(suffix) ?? pool.name));
    });
};

/**
 * A pool with several sources of capacity names a compute class, and GKE reserves some names.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/about-custom-compute-classes
 */
export const computeClassName: Rule<"cluster" | "workloads"> = ({ cluster, workloads }, report) => {
    cluster?.pools.forEach(({ name, capacity }, index) => {
        if (capacity.length > 1 && /^(gke|autopilot)/.test(name)) {
            report(
                keyOf("cluster", "pools", index, "name"),
                `${name} is not a valid name for the compute class that several sources of capacity need: GKE reserves names that begin with gke or autopilot`,
                renamed(workloads, index, name, `pool-${name}`),
            );
        }
    });
};

/** A pool lists each source of capacity once. */
export const uniqueCapacities = eachPool(({ capacity }, at, report) => {
    const sources = capacity.map((source) => (typeof source === "string" ? source : `reservation ${source.reservation}`));
    sources.forEach((source, index) => {
        if (sources.indexOf(source) !== index) {
            report(at("capacity", index), `repeats ${source}`, remove(at("capacity", index)));
        }
    });
});

import { keyOf, remove, set } from "../../config/problem";
import type { Rule } from "../../config/rule";
import { poolSuffix } from "../../workloads/pool-sources";
import { eachPool } from "./each-pool";

/** The names of pools are unique, and none is the name of the system pool. */
export const uniquePools: Rule = ({ cluster }, report) => {
    const names = new Set(["system"]);
    cluster?.pools.forEach(({ name }, index) => {
        const key = keyOf("cluster", "pools", index, "name");
        if (names.has(name)) {
            report(key, `${name} is the name of another pool`, set(key, `${name}-${index + 1}`));
        }
        names.add(name);
    });
};

/** No two pools come to a node pool of the same name: `big` on spot, as a fallback, is `big-spot`. */
export const uniqueNodePools: Rule = ({ cluster }, report) => {
    const owners = new Map<string, string>();
    cluster?.pools.forEach((pool, index) => {
        const suffixes = pool.capacity.map((capacity) => poolSuffix(pool, capacity));
        const taken = suffixes.find((suffix) => ![undefined, pool.name].includes(owners.get(suffix)));
        if (taken !== undefined) {
            const key = keyOf("cluster", "pools", index, "name");
            report(key, `${pool.name} and ${owners.get(taken)} both have a node pool ${taken}`, set(key, `${pool.name}-${index + 1}`));
        }
        suffixes.forEach((suffix) => owners.set(suffix, owners.get(suffix) ?? pool.name));
    });
};

/**
 * A pool with several sources of capacity gives its name to a compute class, and GKE keeps some names for its own.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/about-custom-compute-classes
 */
export const computeClassName = eachPool(({ name, capacity }, at, report) => {
    if (capacity.length > 1 && /^(gke|autopilot)/.test(name)) {
        report(
            at("name"),
            `${name} cannot name a compute class, which several sources of capacity need: GKE keeps names that begin with gke or autopilot`,
            set(at("name"), `pool-${name}`),
        );
    }
});

/** Each source of capacity is in a pool's list once. */
export const uniqueCapacities = eachPool(({ capacity }, at, report) => {
    const sources = capacity.map((source) => (typeof source === "string" ? source : `reservation ${source.reservation}`));
    sources.forEach((source, index) => {
        if (sources.indexOf(source) !== index) {
            report(at("capacity", index), `repeats ${source}`, remove(at("capacity", index)));
        }
    });
});

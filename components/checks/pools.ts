import { closest } from "fastest-levenshtein";

import { acceleratorOf, capacitiesOf, carries, countsOf, localSsdsOf, machineTypesFor } from "../../gke/gpu-machines";
import { generalPurposeNames, isGeneralPurpose } from "../../gke/machine-types";
import { regionOf, zonesOf } from "../../gke/zones";
import type { Rule } from "./rule";
import { capacityKind, type PoolConfig } from "../config/pool";
import { inOrder, keyOf, remove, set, type Path, type Report } from "../problem";
import { nearestCount, nearestMachineType } from "./nearest-machine";

/** A rule of one GPU pool; `at` gives the key of one of its fields. */
type PoolRule = (pool: PoolConfig, at: (...path: Path) => string, report: Report) => void;

const eachPool =
    (rule: PoolRule): Rule =>
    ({ cluster }, report) => {
        cluster?.pools.forEach((pool, index) => {
            rule(pool, (...path) => keyOf("cluster", "pools", index, ...path), report);
        });
    };

/** The system pool's machine type exists and carries no accelerator. */
export const systemMachine: Rule = ({ cluster }, report) => {
    const given = cluster?.systemPool.machineType;
    if (given !== undefined && !isGeneralPurpose(given)) {
        const key = keyOf("cluster", "systemPool", "machineType");
        const nearest = closest(given, [...generalPurposeNames]);
        report(key, `${given} is no general-purpose machine type; the nearest is ${nearest}`, set(key, nearest));
    }
};

/** Each pool has a name of its own, and none has that of the system pool. */
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

/** A machine type exists that carries this many of this accelerator, and it is the one that is named. */
export const acceleratorOnMachine = eachPool(({ accelerator, acceleratorCount, machineType }, at, report) => {
    const fitting = machineTypesFor(accelerator, acceleratorCount);
    if (fitting.length === 0) {
        const key = at("acceleratorCount");
        const count = nearestCount(accelerator, acceleratorCount);
        report(
            key,
            `no machine type has ${acceleratorCount} × ${accelerator}, only ${countsOf(accelerator).join(", ")}; the nearest is ${count}`,
            set(key, count),
        );
        return;
    }
    const nearest = nearestMachineType(accelerator, acceleratorCount, machineType);
    if (nearest !== undefined && !carries(accelerator, acceleratorCount, machineType)) {
        const key = at("machineType");
        report(
            key,
            `${machineType} does not carry ${acceleratorCount} × ${accelerator}; the nearest that does is ${nearest}`,
            set(key, nearest),
        );
    }
});

/** The accelerator can be cut into partitions of this size. */
export const partitions = eachPool(({ accelerator, mig }, at, report) => {
    const sizes = Object.keys(acceleratorOf(accelerator).mig);
    if (mig === undefined || sizes.includes(mig)) {
        return;
    }
    const key = at("mig");
    if (sizes.length === 0) {
        report(key, `${accelerator} has no partitions (MIG)`, remove(key));
        return;
    }
    report(key, `${accelerator} has no partitions of ${mig}, only ${sizes.join(", ")}`, set(key, closest(mig, sizes)));
});

/** Google Cloud offers this machine type in each of the ways that are named. */
export const obtainable = eachPool(({ accelerator, machineType, capacity }, at, report) => {
    const offered = capacitiesOf(accelerator, machineType);
    const refused = capacity.map(capacityKind).filter((kind) => !offered.includes(kind));
    const [nearest] = offered;
    if (refused.length === 0 || nearest === undefined) {
        return;
    }
    const key = at("capacity");
    report(
        key,
        `${machineType} cannot be had as ${refused.join(" or ")}, only as ${offered.join(", ")}`,
        nearest === "reservation" ? inOrder(remove(key), set(at("capacity", "reservation"), "my-reservation")) : set(key, nearest),
    );
});

/** One of several numbers, as a sentence names them. */
const either = (numbers: readonly number[]): string => new Intl.ListFormat("en", { type: "disjunction" }).format(numbers.map(String));

/** Local SSDs are added to machine types that have none built in, in one of the numbers that they take. */
export const localSsds = eachPool(({ accelerator, machineType, localSsds }, at, report) => {
    const { builtIn, addable } = localSsdsOf(accelerator, machineType);
    const key = at("localSsds");
    const allowed = builtIn > 0 ? [builtIn] : [0, ...addable];
    if (localSsds === undefined || allowed.includes(localSsds)) {
        return;
    }
    if (builtIn > 0) {
        report(key, `${machineType} comes with ${builtIn} local SSDs and takes no others`, remove(key));
        return;
    }
    const enough = allowed.find((count) => count > localSsds) ?? Math.max(...allowed);
    report(key, `${machineType} takes ${either(allowed)} local SSDs, not ${localSsds}`, set(key, enough));
});

/** Nodes are in zones of the cluster's region. */
export const poolZones: Rule = ({ cluster }, report) => {
    const region = regionOf(cluster?.location ?? "");
    const valid = zonesOf(region);
    cluster?.pools.forEach(({ zones }, pool) => {
        zones.forEach((zone, index) => {
            if (valid.length > 0 && !valid.includes(zone)) {
                const key = keyOf("cluster", "pools", pool, "zones", index);
                report(key, `${zone} is no zone of ${region}, only ${valid.join(", ")}`, set(key, closest(zone, [...valid])));
            }
        });
    });
};

/** No pool's minimum is above its maximum. */
export const poolBounds: Rule = ({ cluster }, report) => {
    if (cluster === undefined) {
        return;
    }
    const pools = [
        { ...cluster.systemPool, path: ["systemPool"] },
        ...cluster.pools.map((pool, index) => ({ ...pool, path: ["pools", index] })),
    ];
    for (const { minNodes, maxNodes, path } of pools) {
        if (minNodes > maxNodes) {
            const key = keyOf("cluster", ...path, "maxNodes");
            report(key, `${maxNodes} is below minNodes, ${minNodes}`, set(key, minNodes));
        }
    }
};

/** A surge upgrade may add a node or take one away; with neither it cannot move. */
export const upgradeMoves = eachPool(({ upgrade: { strategy, maxSurge, maxUnavailable } }, at, report) => {
    if (strategy === "surge" && maxSurge + maxUnavailable === 0) {
        const key = at("upgrade", "maxUnavailable");
        report(key, "is 0, as maxSurge is: an upgrade could neither add a node nor take one away", set(key, 1));
    }
});

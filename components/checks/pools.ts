import { closest } from "fastest-levenshtein";

import { acceleratorOf, capacitiesOf, countsOf, localSsdsOf, machineTypesFor, nearestCount, nearestMachineType } from "../accelerators";
import type { Rule } from "./rule";
import { capacityKind, type PoolConfig } from "../config/pool";
import { generalPurposeNames } from "../machine-types";
import { keyOf, remove, set, type Problem } from "../problem";
import { regionOf, zonesOf } from "../regions";

/** A rule of one GPU pool; `at` gives the key of one of its fields. */
type PoolRule = (pool: PoolConfig, at: (...path: readonly (string | number)[]) => string) => readonly Problem[];

const eachPool =
    (rule: PoolRule): Rule =>
    ({ cluster }) =>
        (cluster?.pools ?? []).flatMap((pool, index) => rule(pool, (...path) => keyOf("cluster", "pools", index, ...path)));

/** The system pool's machine type exists and carries no accelerator. */
export const systemMachine: Rule = ({ cluster }) => {
    const given = cluster?.systemPool.machineType;
    if (given === undefined || generalPurposeNames.includes(given)) {
        return [];
    }
    const key = keyOf("cluster", "systemPool", "machineType");
    const nearest = closest(given, [...generalPurposeNames]);
    return [{ key, problem: `${given} is no general-purpose machine type; the nearest is ${nearest}`, remedy: set(key, nearest) }];
};

/** Each pool has a name of its own, and none has that of the system pool. */
export const uniquePools: Rule = ({ cluster }) => {
    const names = ["system", ...(cluster?.pools ?? []).map(({ name }) => name)];
    return names.flatMap((name, index) => {
        const key = keyOf("cluster", "pools", index - 1, "name");
        return names.indexOf(name) === index
            ? []
            : [{ key, problem: `${name} is the name of another pool`, remedy: set(key, `${name}-${index}`) }];
    });
};

/**
 * A pool with several sources of capacity gives its name to a compute class, and GKE keeps some names for its own.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/about-custom-compute-classes
 */
export const computeClassName = eachPool(({ name, capacity }, at) =>
    capacity.length === 1 || !/^(gke|autopilot)/.test(name)
        ? []
        : [
              {
                  key: at("name"),
                  problem: `${name} cannot name a compute class, which several sources of capacity need: GKE keeps names that begin with gke or autopilot`,
                  remedy: set(at("name"), `pool-${name}`),
              },
          ],
);

/** A machine type exists that carries this many of this accelerator, and it is the one that is named. */
export const acceleratorOnMachine = eachPool(({ accelerator, acceleratorCount, machineType }, at) => {
    const fitting = machineTypesFor(accelerator, acceleratorCount);
    if (fitting.length === 0) {
        const key = at("acceleratorCount");
        const count = nearestCount(accelerator, acceleratorCount);
        return [
            {
                key,
                problem: `no machine type has ${acceleratorCount} × ${accelerator}, only ${countsOf(accelerator).join(", ")}; the nearest is ${count}`,
                remedy: set(key, count),
            },
        ];
    }
    const nearest = nearestMachineType(accelerator, acceleratorCount, machineType);
    if (nearest === undefined || fitting.includes(machineType)) {
        return [];
    }
    const key = at("machineType");
    return [
        {
            key,
            problem: `${machineType} does not carry ${acceleratorCount} × ${accelerator}; the nearest that does is ${nearest}`,
            remedy: set(key, nearest),
        },
    ];
});

/** The accelerator can be cut into partitions of this size. */
export const partitions = eachPool(({ accelerator, mig }, at) => {
    const sizes = Object.keys(acceleratorOf(accelerator).mig);
    if (mig === undefined || sizes.includes(mig)) {
        return [];
    }
    const key = at("mig");
    return sizes.length === 0
        ? [{ key, problem: `${accelerator} has no partitions (MIG)`, remedy: remove(key) }]
        : [{ key, problem: `${accelerator} has no partitions of ${mig}, only ${sizes.join(", ")}`, remedy: set(key, closest(mig, sizes)) }];
});

/** Google Cloud offers this machine type in each of the ways that are named. */
export const obtainable = eachPool(({ accelerator, machineType, capacity }, at) => {
    const offered = capacitiesOf(accelerator, machineType);
    const refused = capacity.map(capacityKind).filter((kind) => !offered.includes(kind));
    const [nearest] = offered;
    if (refused.length === 0 || nearest === undefined) {
        return [];
    }
    const key = at("capacity");
    return [
        {
            key,
            problem: `${machineType} cannot be had as ${refused.join(" or ")}, only as ${offered.join(", ")}`,
            remedy:
                nearest === "reservation" ? `${remove(key)} && ${set(at("capacity", "reservation"), "my-reservation")}` : set(key, nearest),
        },
    ];
});

/** Local SSDs are added to machine types that have none built in, no more than they take. */
export const localSsds = eachPool(({ accelerator, machineType, localSsds }, at) => {
    const { builtInSsdGb, addableSsds } = localSsdsOf(accelerator, machineType);
    const key = at("localSsds");
    if (localSsds === undefined || localSsds <= addableSsds) {
        return [];
    }
    return builtInSsdGb > 0
        ? [{ key, problem: `${machineType} has ${builtInSsdGb} GB of local SSD built in and takes no others`, remedy: remove(key) }]
        : [{ key, problem: `${machineType} takes ${addableSsds} local SSDs at most, not ${localSsds}`, remedy: set(key, addableSsds) }];
});

/** Nodes are in zones of the cluster's region. */
export const poolZones: Rule = ({ cluster }) => {
    const region = regionOf(cluster?.location ?? "");
    const valid = zonesOf(region);
    return (cluster?.pools ?? []).flatMap(({ zones }, pool) =>
        zones.flatMap((zone, index) => {
            const key = keyOf("cluster", "pools", pool, "zones", index);
            return valid.length === 0 || valid.includes(zone)
                ? []
                : [
                      {
                          key,
                          problem: `${zone} is no zone of ${region}, only ${valid.join(", ")}`,
                          remedy: set(key, closest(zone, [...valid])),
                      },
                  ];
        }),
    );
};

/** No pool's minimum is above its maximum. */
export const poolBounds: Rule = ({ cluster }) => {
    const pools =
        cluster === undefined
            ? []
            : [
                  { ...cluster.systemPool, path: ["systemPool"] },
                  ...cluster.pools.map((pool, index) => ({ ...pool, path: ["pools", index] })),
              ];
    return pools.flatMap(({ minNodes, maxNodes, path }) => {
        const key = keyOf("cluster", ...path, "maxNodes");
        return minNodes <= maxNodes ? [] : [{ key, problem: `${maxNodes} is below minNodes, ${minNodes}`, remedy: set(key, minNodes) }];
    });
};

/** A surge upgrade may add a node or take one away; with neither it cannot move. */
export const upgradeMoves = eachPool(({ upgrade: { strategy, maxSurge, maxUnavailable } }, at) =>
    strategy !== "surge" || maxSurge + maxUnavailable > 0
        ? []
        : [
              {
                  key: at("upgrade", "maxUnavailable"),
                  problem: "is 0, as maxSurge is: an upgrade could neither add a node nor take one away",
                  remedy: set(at("upgrade", "maxUnavailable"), 1),
              },
          ],
);

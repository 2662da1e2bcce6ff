import type { Rule } from "../config/rule";
import { keyOf, remove } from "../config/problem";
import { knownLocation } from "../project/checks";
import { regions, zones } from "../../gke/zones";
import { maintenanceExclusions, maintenanceWindow } from "./maintenance-checks";
import { networkRanges } from "./network/checks";
import {
    acceleratorOnMachine,
    driverOfAccelerator,
    flexStartFromZero,
    localSsds,
    notShutDown,
    obtainable,
    partitions,
    poolBounds,
    queuedCapacity,
    systemMachine,
    upgradeMoves,
} from "./pools/checks";
import { computeClassName, uniqueCapacities, uniqueNodePools, uniquePools } from "./pools/name-checks";
import { compactPlacement, poolZones } from "./pools/zone-checks";
import { queuesHavePools } from "./queues/checks";

/** The location of the cluster exists. Another rule checks the default, the stack's region. */
export const clusterLocation: Rule<"region" | "cluster"> = ({ region, cluster }, report) => {
    if (cluster !== undefined && cluster.location !== region) {
        knownLocation(keyOf("cluster", "location"), cluster.location, { kind: "region or zone", valid: [...regions, ...zones] }, report);
    }
};

/** A public control plane lists its authorized networks. */
export const publicEndpointIsGuarded: Rule<"cluster"> = ({ cluster }, report) => {
    if (cluster?.publicEndpoint && cluster.authorizedNetworks.length === 0) {
        const key = keyOf("cluster", "publicEndpoint");
        report(
            key,
            "is true, but authorizedNetworks is empty: the control plane would be reachable from nowhere or from everywhere",
            remove(key),
        );
    }
};

/** No authorized network is the whole internet, or a large part of it. */
export const authorizedNetworksAreNarrow: Rule<"cluster"> = ({ cluster }, report) => {
    cluster?.authorizedNetworks.forEach(({ name, cidr }, index) => {
        if (Number(cidr.split("/")[1]) < 8) {
            const key = keyOf("cluster", "authorizedNetworks", index);
            report(key, `${name} (${cidr}) opens the control plane to more than a /8`, remove(key));
        }
    });
};

/** The rules of the cluster and its pools. */
export const clusterChecks: readonly Rule<"region" | "cluster" | "workloads">[] = [
    clusterLocation,
    publicEndpointIsGuarded,
    authorizedNetworksAreNarrow,
    networkRanges,
    maintenanceWindow,
    maintenanceExclusions,
    systemMachine,
    uniquePools,
    uniqueNodePools,
    computeClassName,
    uniqueCapacities,
    notShutDown,
    acceleratorOnMachine,
    driverOfAccelerator,
    obtainable,
    flexStartFromZero,
    queuedCapacity,
    partitions,
    localSsds,
    poolZones,
    compactPlacement,
    poolBounds,
    upgradeMoves,
    queuesHavePools,
];

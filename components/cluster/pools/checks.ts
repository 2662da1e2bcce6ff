import { DRIVER_SOURCE, SHUTDOWN_SOURCE } from "../../../gke/accelerators";
import {
    acceleratorOf,
    capacitiesOf,
    carries,
    countsOf,
    localSsdsOf,
    machineTypesFor,
    type AcceleratorName,
} from "../../../gke/gpu-machines";
import { generalPurposeNames, isGeneralPurpose } from "../../../gke/machine-types";
import type { Rule } from "../../config/rule";
import { capacityKind } from "./config";
import { wordIntent } from "../../config/remedies/word-intent";
import { advise, choose, correct, keyOf, oneOf, remove, set } from "../../config/problem";
import { eachPool } from "./each-pool";

/** Machine types to suggest for a name of an unknown family. */
const SYSTEM_MACHINES = ["e2-standard-4", "n2-standard-4", "n4-standard-4"];

/** The machine types of the series that a name begins with, such as `e2-standard`, or else of its family. */
function machinesLike(name: string): readonly string[] {
    const beginnings = [name.replace(/-[^-]*$/, ""), name.replace(/-.*$/s, "")];
    const groups = beginnings.map((beginning) => generalPurposeNames.filter((machine) => machine.startsWith(`${beginning}-`)));
    return groups.find(({ length }) => length > 0) ?? SYSTEM_MACHINES;
}

/** The system pool's machine type exists and carries no accelerator. */
export const systemMachine: Rule<"cluster"> = ({ cluster }, report) => {
    const given = cluster?.systemPool.machineType;
    if (given === undefined || isGeneralPurpose(given)) {
        return;
    }
    const key = keyOf("cluster", "systemPool", "machineType");
    report(
        key,
        `${given} is not a machine type for a system pool: it is unknown or has GPUs`,
        correct(key, wordIntent(given, generalPurposeNames, { like: machinesLike(given.toLowerCase()) })),
    );
};

/** A machine type with this number of accelerators exists, and the pool names no other. */
export const acceleratorOnMachine = eachPool(({ accelerator, acceleratorCount, machineType }, at, report) => {
    const fitting = machineTypesFor(accelerator, acceleratorCount);
    if (fitting.length === 0) {
        const key = at("acceleratorCount");
        const counts = countsOf(accelerator);
        report(key, `no machine type has ${acceleratorCount} × ${accelerator}, only ${counts.join(", ")}`, choose(key, counts));
        return;
    }
    if (!carries(accelerator, acceleratorCount, machineType)) {
        const key = at("machineType");
        report(
            key,
            `${machineType} does not have ${acceleratorCount} × ${accelerator}, only ${fitting.join(", ")}`,
            correct(key, wordIntent(machineType, fitting, { like: fitting })),
        );
    }
});

/** The accelerator supports MIG partitions of this size. */
export const partitions = eachPool(({ accelerator, mig }, at, report) => {
    const sizes = Object.keys(acceleratorOf(accelerator).mig);
    if (mig === undefined || sizes.includes(mig)) {
        return;
    }
    const key = at("mig");
    if (sizes.length === 0) {
        report(key, `${accelerator} does not support MIG partitions`, remove(key));
        return;
    }
    const ofSlices = sizes.filter((size) => size.split(".")[0] === mig.toLowerCase().split(".")[0]);
    report(
        key,
        `${accelerator} does not support MIG partitions of ${mig}, only ${sizes.join(", ")}`,
        correct(key, wordIntent(mig, sizes, { like: ofSlices.length > 0 ? ofSlices : sizes })),
    );
});

/** Google Cloud offers the machine type from each of the pool's sources of capacity. */
export const obtainable = eachPool(({ accelerator, machineType, capacity }, at, report) => {
    const offered = capacitiesOf(accelerator, machineType);
    const refused = capacity.map(capacityKind).filter((kind) => !offered.includes(kind));
    if (refused.length === 0) {
        return;
    }
    const named = offered.map((kind) => (kind === "reservation" ? "{ reservation: name }" : kind));
    report(
        at("capacity"),
        `${machineType} is not available as ${refused.join(" or ")}, only as ${offered.join(", ")}`,
        advise(`Set it in the stack file to ${named.join(" or ")}.`),
    );
});

/** Formats alternatives for a sentence: `1, 2, or 4`. */
const either = (numbers: readonly number[]): string => new Intl.ListFormat("en", { type: "disjunction" }).format(numbers.map(String));

/** Local SSDs can be added only to machine types without built-in ones, in a number that the machine type supports. */
export const localSsds = eachPool(({ accelerator, machineType, localSsds }, at, report) => {
    const { builtIn, addable } = localSsdsOf(accelerator, machineType);
    const key = at("localSsds");
    const allowed = builtIn > 0 ? [builtIn] : [0, ...addable];
    if (localSsds === undefined || allowed.includes(localSsds)) {
        return;
    }
    if (builtIn > 0) {
        report(key, `${machineType} comes with ${builtIn} local SSDs and supports no others`, remove(key));
        return;
    }
    const nearest = [allowed.findLast((count) => count < localSsds), allowed.find((count) => count > localSsds)];
    const candidates = nearest.filter((count) => count !== undefined);
    report(key, `${machineType} takes ${either(allowed)} local SSDs, not ${localSsds}`, choose(key, candidates));
});

/** No pool's minimum is above its maximum. */
export const poolBounds: Rule<"cluster"> = ({ cluster }, report) => {
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
            const fewer = set(keyOf("cluster", ...path, "minNodes"), maxNodes);
            const remedy = oneOf([`up to ${minNodes} nodes`, set(key, minNodes)], [`at least ${maxNodes}`, fewer]);
            report(key, `${maxNodes} is below minNodes, ${minNodes}`, remedy);
        }
    }
};

/** Nodes that GKE upgrades at once. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/node-pool-upgrade-strategies#surge */
const MOST_AT_ONCE = 20;

/** A surge upgrade adds or removes nodes, within GKE's limit. */
export const upgradeMoves = eachPool(({ upgrade: { strategy, maxSurge, maxUnavailable } }, at, report) => {
    if (strategy !== "surge") {
        return;
    }
    if (maxSurge + maxUnavailable === 0) {
        const key = at("upgrade", "maxUnavailable");
        report(key, "is 0, and so is maxSurge: an upgrade could neither add nor remove a node", set(key, 1));
    }
    if (maxSurge + maxUnavailable > MOST_AT_ONCE) {
        const key = at("upgrade", "maxSurge");
        const problem = `is ${maxSurge}, and maxUnavailable ${maxUnavailable}: GKE upgrades at most ${MOST_AT_ONCE} nodes at once`;
        report(key, problem, set(key, MOST_AT_ONCE - maxUnavailable));
    }
});

/** Flex-start nodes exist only while pods request them, so their pool has no minimum. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/dws */
export const flexStartFromZero = eachPool(({ capacity: [preferred], minNodes }, at, report) => {
    if (preferred === "flex-start" && minNodes > 0) {
        report(at("minNodes"), `is ${minNodes}, but flex-start nodes exist only while pods ask for them`, set(at("minNodes"), 0));
    }
});

/**
 * Queued provisioning is a way to get flex-start nodes: all nodes of a run at once, when its queue requests them. Google Cloud refuses it with a
 * compact placement. Sources: https://cloud.google.com/kubernetes-engine/docs/how-to/provisioningrequest, and for the placement
 * GoogleCloudPlatform/cluster-toolkit#3582
 */
export const queuedCapacity = eachPool(({ queuedProvisioning, capacity, compactPlacement }, at, report) => {
    if (!queuedProvisioning) {
        return;
    }
    if (capacity.length > 1 || capacity[0] !== "flex-start") {
        report(
            at("queuedProvisioning"),
            `is true, but capacity is ${capacity.map(capacityKind).join(", ")}: queued provisioning requests flex-start nodes only`,
            advise(`Set ${at("capacity")} to flex-start, or remove ${at("queuedProvisioning")}.`),
        );
    }
    if (compactPlacement) {
        report(
            at("compactPlacement"),
            "is true, but queuedProvisioning does not support compact placement",
            set(at("compactPlacement"), false),
        );
    }
});

/** The driver that GKE installs supports the GPU. */
export const driverOfAccelerator = eachPool(({ accelerator, driver }, at, report) => {
    if (driver === "default" && acceleratorOf(accelerator).needsLatestDriver) {
        report(at("driver"), `is default, R535, which is too old for ${accelerator} (${DRIVER_SOURCE})`, set(at("driver"), "latest"));
    }
});

/** Accelerators of similar size and price that replace those that were shut down. */
const SUCCESSORS: readonly AcceleratorName[] = ["nvidia-tesla-t4", "nvidia-l4"];

/** Google Cloud still offers the accelerator. */
export const notShutDown = eachPool(({ accelerator }, at, report) => {
    const { shutdown } = acceleratorOf(accelerator);
    if (shutdown !== undefined && shutdown <= new Date().toISOString()) {
        const key = at("accelerator");
        report(key, `${accelerator} was shut down by Google Cloud on ${shutdown} (${SHUTDOWN_SOURCE})`, choose(key, SUCCESSORS));
    }
});

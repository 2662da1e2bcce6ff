import { leftToPods, type Allocatable } from "../../../gke/allocatable";
import { machineTypesFor } from "../../../gke/gpu-machines";
import { machineOf } from "../../../gke/machine-types";
import { allocatableEphemeralBytes } from "../../../gke/reserved";
import { meantWord } from "../../config/remedies/word-intent";
import type { Rule } from "../../config/rule";
import { advise, choose, keyOf, oneOf, remedyText, set, type Remedy, type Report } from "../../config/problem";
import { cpuQuantityOf, formatBytes, formatCpu } from "../quantities";
import { egressHosts, egressNamespaces, egressRanges, oneDestination } from "./egress";
import { ownNamespaces } from "./namespaces";
import { fitting, nodesFor } from "../placement/packing";
import { queuedRuns, queuedServices } from "./queued-pools";
import { noDerivedVariables, noSecretVariables, tensorboardTracker } from "./variables";
import { diskOf, poolNodes, type PoolNode } from "../placement/pool-nodes";
import { sizeOf, type Workload } from "../placement/workload";

/** A rule of one workload and the nodes that it lands on. */
const onItsNodes =
    (rule: (workload: Workload, node: PoolNode, report: Report) => void): Rule<"cluster" | "workloads"> =>
    ({ cluster, workloads }, report) => {
        const nodes = poolNodes(cluster);
        for (const workload of workloads) {
            const node = nodes.get(workload.pool);
            if (node !== undefined) {
                rule(workload, node, (key, problem, remedy) => {
                    report(key, problem, remedy, [keyOf("cluster", "pools", node.index)]);
                });
            }
        }
    };

/** Names that are compared with one that is not known; with more, comparing takes longer than reading. */
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
                `the cluster has no pool ${pool}, and no GPU pool at all`,
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

/** A pod asks for no more GPUs than a node has. */
export const gpusFit = onItsNodes(({ at, gpus }, { pool, gpus: offered }, report) => {
    if (gpus > offered) {
        report(at("gpus"), `a pod asks for ${gpus} GPUs, but a node of pool ${pool.name} has ${offered}`, set(at("gpus"), offered));
    }
});

/** GKE refuses a request for more than one share of a GPU. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/timesharing-gpus */
export const oneSharedGpu = onItsNodes(({ at, gpus }, { pool }, report) => {
    if (pool.sharing !== undefined && gpus > 1) {
        report(at("gpus"), `is ${gpus}, but pool ${pool.name} shares its GPUs, and a pod gets one share`, set(at("gpus"), 1));
    }
});

/**
 * MPS needs `hostIPC: true` in each pod, which the namespaces of this stack refuse (Pod Security `restricted`). A pool of an MPS kind may still be there for pods
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
                `is mps, for which pods must share the host's IPC; the namespace of ${listed(users.map(({ title }) => title))} refuses that (Pod Security restricted), and time-sharing needs none`,
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

/** The first few of many. */
const listed = (titles: readonly string[]): string =>
    titles.length <= 5 ? titles.join(", ") : `${titles.slice(0, 4).join(", ")} and ${titles.length - 4} more`;

/** The remedy for a pod that is too large: a smaller request, or a larger machine with as many GPUs, where there is one. */
function enlarge({ pool, index }: PoolNode, enough: (larger: Allocatable) => boolean, smaller: Remedy): Remedy {
    const larger = machineTypesFor(pool.accelerator, pool.acceleratorCount).find((name) => {
        const machine = machineOf(name);
        return machine !== undefined && enough(leftToPods(machine));
    });
    return larger === undefined ? smaller : eitherSize("machine", set(keyOf("cluster", "pools", index, "machineType"), larger), smaller);
}

/** More of what a node has costs money, and less of what a pod asks for may be too little. */
const eitherSize = (what: string, larger: Remedy, smaller: Remedy): Remedy =>
    oneOf([`a larger ${what}`, larger], ["a smaller request", smaller]);

/** Says how much of a request is not in the stack file. */
const sidecarPart = (amount: string, { cpuMillis }: Allocatable): string =>
    cpuMillis === 0 ? "" : `, ${amount} of it for the Cloud Storage FUSE sidecar`;

/** A pod's CPU request fits a node. */
export const cpuFits = onItsNodes(({ at, cpuMillis, memoryBytes, sidecar }, node, report) => {
    if (cpuMillis > node.cpuMillis) {
        report(
            at("cpu"),
            `a pod asks for ${formatCpu(cpuMillis)} CPU${sidecarPart(formatCpu(sidecar.cpuMillis), sidecar)}, but ${node.pool.machineType} (pool ${node.pool.name}) leaves ${formatCpu(node.cpuMillis)} to pods`,
            enlarge(
                node,
                (larger) => larger.cpuMillis >= cpuMillis && larger.memoryBytes >= memoryBytes,
                set(at("cpu"), cpuQuantityOf(node.cpuMillis - sidecar.cpuMillis)),
            ),
        );
    }
});

/** A pod's memory, which holds its memory-backed volumes too, fits a node. */
export const memoryFits = onItsNodes(({ at, cpuMillis, memoryBytes, sidecar }, node, report) => {
    if (memoryBytes > node.memoryBytes) {
        const mebibyte = 2 ** 20;
        const left = Math.floor(node.memoryBytes / mebibyte) * mebibyte;
        report(
            at("memory"),
            `a pod asks for ${formatBytes(memoryBytes)} of memory${sidecarPart(formatBytes(sidecar.memoryBytes), sidecar)}, but ${node.pool.machineType} (pool ${node.pool.name}) leaves ${formatBytes(left)} to pods`,
            enlarge(
                node,
                (larger) => larger.cpuMillis >= cpuMillis && larger.memoryBytes >= memoryBytes,
                set(at("memory"), formatBytes(left - sidecar.memoryBytes)),
            ),
        );
    }
});

/** The ephemeral storage of a pod fits the disk of a node. */
export const ephemeralStorageFits = onItsNodes(({ at, ephemeralBytes: requested, sidecar }, node, report) => {
    const { pool, index, ephemeralBytes: left } = node;
    if (requested <= left) {
        return;
    }
    const disk = (pool.localSsds ?? 0) > 0 ? `${pool.localSsds} local SSDs` : `a boot disk of ${pool.diskSizeGb} GB`;
    const smaller = set(at("ephemeralStorage"), formatBytes(floorMib(left) - sidecar.ephemeralBytes));
    const larger = LARGER_DISKS_GB.find((bootGb) => allocatableEphemeralBytes({ ...diskOf(pool), bootGb }) >= requested);
    report(
        at("ephemeralStorage"),
        `a pod asks for ${formatBytes(requested)} of ephemeral storage${sidecarPart(formatBytes(sidecar.ephemeralBytes), sidecar)}, but ${disk} (pool ${pool.name}) leaves ${formatBytes(floorMib(left))} to pods`,
        larger === undefined ? smaller : eitherSize("disk", set(keyOf("cluster", "pools", index, "diskSizeGb"), larger), smaller),
    );
});

/** Sizes to choose a larger boot disk from, in GB. */
const LARGER_DISKS_GB = [50, 100, 200, 300, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000];

const floorMib = (bytes: number): number => Math.floor(bytes / 2 ** 20) * 2 ** 20;

/** A pool can grow until every pod that names it runs. */
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
        const nodes = nodesFor(
            workloads.map((workload) => ({ size: sizeOf(workload), count: workload.pods })),
            sizeOf(node),
        );
        if (nodes > maxNodes) {
            const key = keyOf("cluster", "pools", index, "maxNodes");
            const pods = listed(workloads.map((workload) => `${workload.title}: ${workload.pods} × ${workload.gpus} GPU`));
            report(
                key,
                `${maxNodes} is too few: ${pods} need ${nodes} nodes`,
                advise(`For ${nodes} nodes: ${remedyText(set(key, nodes))}; or ask for fewer pods.`),
                workloads.map(({ at }) => at()),
            );
        }
    });
};

/** The rules of everything that runs in the cluster. */
export const workloadChecks: readonly Rule<"cluster" | "inference" | "training" | "workloads">[] = [
    ownNamespaces,
    poolExists,
    queuedRuns,
    queuedServices,
    gpusFit,
    oneSharedGpu,
    noMpsUnderRestricted,
    cpuFits,
    memoryFits,
    ephemeralStorageFits,
    oneDestination,
    egressHosts,
    egressRanges,
    egressNamespaces,
    noDerivedVariables,
    noSecretVariables,
    tensorboardTracker,
    poolsSuffice,
];

import { leftToPods, type Allocatable } from "../../../gke/allocatable";
import { machineTypesFor } from "../../../gke/gpu-machines";
import { machineOf } from "../../../gke/machine-types";
import { cpuQuantityOf, formatBytes, formatCpu } from "../../../gke/quantities";
import { allocatableEphemeralBytes } from "../../../gke/reserved";
import { advise, keyOf, oneOf, set, type Remedy, type Report } from "../../config/problem";
import type { Rule } from "../../config/rule";
import { diskOf, poolNodes, type PoolNode } from "../placement/pool-nodes";
import type { Workload } from "../placement/workload";

/** A rule of one workload and the nodes of its pool. */
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

/** A pod requests no more GPUs than a node has. */
export const gpusFit = onItsNodes(({ at, gpus }, { pool, gpus: offered }, report) => {
    if (gpus > offered) {
        report(at("gpus"), `a pod requests ${gpus} GPUs, but a node of pool ${pool.name} has ${offered}`, set(at("gpus"), offered));
    }
});

/** GKE refuses a request for more than one share of a GPU. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/timesharing-gpus */
export const oneSharedGpu = onItsNodes(({ at, gpus }, { pool }, report) => {
    if (pool.sharing !== undefined && gpus > 1) {
        report(at("gpus"), `is ${gpus}, but pool ${pool.name} shares its GPUs, and a pod gets one share`, set(at("gpus"), 1));
    }
});

/** The remedy for a pod that is too large: a smaller request, or a larger machine type with the same number of GPUs, if one exists. */
function enlarge({ pool, index }: PoolNode, enough: (larger: Allocatable) => boolean, smaller: Remedy): Remedy {
    const larger = machineTypesFor(pool.accelerator, pool.acceleratorCount).find((name) => {
        const machine = machineOf(name);
        return machine !== undefined && enough(leftToPods(machine));
    });
    return larger === undefined ? smaller : eitherSize("machine", set(keyOf("cluster", "pools", index, "machineType"), larger), smaller);
}

/** A larger node costs more, and a smaller request may be too small: the user decides. */
const eitherSize = (what: string, larger: Remedy, smaller: Remedy): Remedy =>
    oneOf([`a larger ${what}`, larger], ["a smaller request", smaller]);

/** The part of a request that is not in the stack file. */
const sidecarPart = (amount: string, { cpuMillis }: Allocatable): string =>
    cpuMillis === 0 ? "" : `, ${amount} of it for the Cloud Storage FUSE sidecar`;

/** A pod's CPU request fits a node. */
export const cpuFits = onItsNodes(({ at, cpuMillis, memoryBytes, sidecar }, node, report) => {
    if (cpuMillis > node.cpuMillis) {
        report(
            at("cpu"),
            `a pod requests ${formatCpu(cpuMillis)} CPU${sidecarPart(formatCpu(sidecar.cpuMillis), sidecar)}, but ${node.pool.machineType} (pool ${node.pool.name}) leaves ${formatCpu(node.cpuMillis)} to pods`,
            enlarge(
                node,
                (larger) => larger.cpuMillis >= cpuMillis && larger.memoryBytes >= memoryBytes,
                set(at("cpu"), cpuQuantityOf(node.cpuMillis - sidecar.cpuMillis)),
            ),
        );
    }
});

/** A pod's memory, including its memory-backed volumes, fits a node. */
export const memoryFits = onItsNodes(({ at, cpuMillis, memoryBytes, sidecar }, node, report) => {
    if (memoryBytes > node.memoryBytes) {
        const mebibyte = 2 ** 20;
        const left = Math.floor(node.memoryBytes / mebibyte) * mebibyte;
        report(
            at("memory"),
            `a pod requests ${formatBytes(memoryBytes)} of memory${sidecarPart(formatBytes(sidecar.memoryBytes), sidecar)}, but ${node.pool.machineType} (pool ${node.pool.name}) leaves ${formatBytes(left)} to pods`,
            enlarge(
                node,
                (larger) => larger.cpuMillis >= cpuMillis && larger.memoryBytes >= memoryBytes,
                set(at("memory"), formatBytes(left - sidecar.memoryBytes)),
            ),
        );
    }
});

/** The ephemeral storage of a pod fits the disk of a node. */
export const ephemeralStorageFits = onItsNodes(({ at, ephemeralBytes: requested, sidecar, cached }, node, report) => {
    const { pool, index, ephemeralBytes: left } = node;
    if (requested <= left) {
        return;
    }
    const disk = (pool.localSsds ?? 0) > 0 ? `${pool.localSsds} local SSDs` : `a boot disk of ${pool.diskSizeGb} GB`;
    // Names the larger part: the container's storage, or the cache of its bucket.
    const container = requested - sidecar.ephemeralBytes;
    const [key, part] =
        cached !== undefined && cached.bytes > container ? [at(...cached.field), cached.bytes] : [at("ephemeralStorage"), container];
    const remaining = floorMib(left) - (requested - part);
    const smaller = remaining > 0 ? set(key, formatBytes(remaining)) : undefined;
    const bootGb = LARGER_DISKS_GB.find((size) => allocatableEphemeralBytes({ ...diskOf(pool), bootGb: size }) >= requested);
    const larger = bootGb === undefined ? undefined : set(keyOf("cluster", "pools", index, "diskSizeGb"), bootGb);
    report(
        key,
        `a pod requests ${formatBytes(requested)} of ephemeral storage${sidecarPart(formatBytes(sidecar.ephemeralBytes), sidecar)}, but ${disk} (pool ${pool.name}) leaves ${formatBytes(floorMib(left))} to pods`,
        larger && smaller
            ? eitherSize("disk", larger, smaller)
            : (larger ?? smaller ?? advise("Choose a pool whose nodes have larger disks.")),
    );
});

/** Larger boot disk sizes to suggest, in GB. */
const LARGER_DISKS_GB = [50, 100, 200, 300, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 64_000];

const floorMib = (bytes: number): number => Math.floor(bytes / 2 ** 20) * 2 ** 20;

/** The rules for the requests of one pod on its node. */
export const podSizeChecks: readonly Rule<"cluster" | "workloads">[] = [gpusFit, oneSharedGpu, cpuFits, memoryFits, ephemeralStorageFits];

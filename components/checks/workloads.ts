import { closest } from "fastest-levenshtein";

import { machineTypesFor } from "../accelerators";
import { leftToPods, type Allocatable } from "../allocatable";
import type { Rule } from "./rule";
import { machineOf } from "../machine-types";
import { keyOf, set, type Problem } from "../problem";
import { formatBytes, formatCpu } from "../quantities";
import { fitting, nodesFor } from "./packing";
import { offerOf, sizeOf, workloadsOf, type NodeOffer, type Workload } from "./workload-list";

/** A rule of one workload and the nodes that it lands on. */
const eachOffer =
    (rule: (workload: Workload, offer: NodeOffer) => readonly Problem[]): Rule =>
    (config) =>
        workloadsOf(config).flatMap((workload) => {
            const offer = offerOf(config, workload.pool);
            return offer === undefined
                ? []
                : rule(workload, offer).map((problem) => ({ ...problem, basis: [keyOf("cluster", "pools", offer.index)] }));
        });

/** What workloads stand on is there. */
export const neededRooms: Rule = ({ registry, images, cluster, inference, training }) => {
    const user = inference === undefined ? "training" : "inference";
    const used = inference !== undefined || training !== undefined;
    const missing: readonly (readonly [boolean, string, readonly [string, string], string])[] = [
        [used && cluster === undefined, "cluster", ["name", "ml"], user],
        [used && images === undefined, "images", ["from", "build"], user],
        [images !== undefined && registry === undefined, "registry", ["repository", "ml-images"], "images"],
    ];
    return missing
        .filter(([isMissing]) => isMissing)
        .map(([, room, [field, value], needing]) => ({
            key: keyOf(room),
            problem: `is missing or empty, but ${needing} needs it`,
            remedy: set(keyOf(room, field), value),
        }));
};

/** The pool that a workload names exists. */
export const poolExists: Rule = (config) => {
    const names = config.cluster?.pools.map(({ name }) => name);
    const basis = names?.map((_, index) => keyOf("cluster", "pools", index)) ?? [];
    return workloadsOf(config).flatMap(({ at, pool }) => {
        if (names === undefined || names.includes(pool)) {
            return [];
        }
        const key = at("pool");
        const nearest = names.length === 0 ? undefined : closest(pool, names);
        return nearest === undefined
            ? [
                  {
                      key,
                      problem: `the cluster has no pool ${pool}, and no GPU pool at all`,
                      remedy: set(keyOf("cluster", "pools", 0, "name"), pool),
                  },
              ]
            : [{ key, problem: `the cluster has no pool ${pool}; the nearest is ${nearest}`, remedy: set(key, nearest), basis }];
    });
};

/** A pod asks for no more GPUs than a node has. */
export const gpusFit = eachOffer(({ at, gpus }, { pool, gpus: offered }) =>
    gpus <= offered
        ? []
        : [
              {
                  key: at("gpus"),
                  problem: `a pod asks for ${gpus} GPUs, but a node of pool ${pool.name} has ${offered}`,
                  remedy: set(at("gpus"), offered),
              },
          ],
);

/** GKE refuses a request for more than one share of a GPU. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/timesharing-gpus */
export const oneSharedGpu = eachOffer(({ at, gpus }, { pool }) =>
    pool.sharing === undefined || gpus === 1
        ? []
        : [
              {
                  key: at("gpus"),
                  problem: `is ${gpus}, but pool ${pool.name} shares its GPUs, and a pod gets one share`,
                  remedy: set(at("gpus"), 1),
              },
          ],
);

/**
 * MPS needs `hostIPC: true` in each pod, which the namespaces of this stack refuse (Pod Security `restricted`). A pool of an MPS kind may still be there for pods
 * of other namespaces. Source: https://cloud.google.com/kubernetes-engine/docs/how-to/nvidia-mps-gpus
 */
export const noMpsUnderRestricted: Rule = (config) => {
    const pools = config.cluster?.pools ?? [];
    return pools.flatMap(({ name, sharing }, index) => {
        const users = workloadsOf(config).filter(({ pool }) => pool === name);
        const key = keyOf("cluster", "pools", index, "sharing", "strategy");
        return sharing?.strategy !== "mps" || users.length === 0
            ? []
            : [
                  {
                      key,
                      problem: `is mps, for which pods must share the host's IPC; the namespace of ${users.map(({ title }) => title).join(", ")} refuses that (Pod Security restricted), and time-sharing needs none`,
                      remedy: set(key, "time-sharing"),
                      basis: users.map(({ at }) => at()),
                  },
              ];
    });
};

/** The command for a pod that is too large: a larger machine with as many GPUs, or else a smaller request. */
function enlarge({ pool, index }: NodeOffer, enough: (offer: Allocatable) => boolean, otherwise: string): string {
    const larger = machineTypesFor(pool.accelerator, pool.acceleratorCount).find((name) => {
        const machine = machineOf(name);
        return machine !== undefined && enough(leftToPods(machine));
    });
    return larger === undefined ? otherwise : set(keyOf("cluster", "pools", index, "machineType"), larger);
}

/** Says how much of a request is not in the stack file. */
const sidecarPart = (amount: string, { cpuMillis }: Allocatable): string =>
    cpuMillis === 0 ? "" : `, ${amount} of it for the Cloud Storage FUSE sidecar`;

/** A pod's CPU request fits a node. */
export const cpuFits = eachOffer(({ at, cpuMillis, memoryBytes, sidecar }, offer) =>
    cpuMillis <= offer.cpuMillis
        ? []
        : [
              {
                  key: at("cpu"),
                  problem: `a pod asks for ${formatCpu(cpuMillis)} CPU${sidecarPart(formatCpu(sidecar.cpuMillis), sidecar)}, but ${offer.pool.machineType} (pool ${offer.pool.name}) leaves ${formatCpu(offer.cpuMillis)} to pods`,
                  remedy: enlarge(
                      offer,
                      (larger) => larger.cpuMillis >= cpuMillis && larger.memoryBytes >= memoryBytes,
                      set(at("cpu"), formatCpu(offer.cpuMillis - sidecar.cpuMillis)),
                  ),
              },
          ],
);

/** A pod's memory, which holds its memory-backed volumes too, fits a node. */
export const memoryFits = eachOffer(({ at, cpuMillis, memoryBytes, sidecar }, offer) => {
    const mebibyte = 2 ** 20;
    const left = Math.floor(offer.memoryBytes / mebibyte) * mebibyte;
    return memoryBytes <= offer.memoryBytes
        ? []
        : [
              {
                  key: at("memory"),
                  problem: `a pod asks for ${formatBytes(memoryBytes)} of memory${sidecarPart(formatBytes(sidecar.memoryBytes), sidecar)}, but ${offer.pool.machineType} (pool ${offer.pool.name}) leaves ${formatBytes(left)} to pods`,
                  remedy: enlarge(
                      offer,
                      (larger) => larger.cpuMillis >= cpuMillis && larger.memoryBytes >= memoryBytes,
                      set(at("memory"), formatBytes(left - sidecar.memoryBytes)),
                  ),
              },
          ];
});

/** A pool can grow until every pod that names it runs. */
export const poolsSuffice: Rule = (config) =>
    (config.cluster?.pools ?? []).flatMap(({ name, maxNodes }, index) => {
        const offer = offerOf(config, name);
        // A pod that fits no node has a rule of its own.
        const workloads =
            offer === undefined
                ? []
                : workloadsOf(config).filter((workload) => workload.pool === name && fitting(sizeOf(offer), sizeOf(workload)) > 0);
        const nodes =
            offer === undefined
                ? 0
                : nodesFor(
                      workloads.map((workload) => ({ size: sizeOf(workload), count: workload.pods })),
                      sizeOf(offer),
                  );
        const key = keyOf("cluster", "pools", index, "maxNodes");
        const pods = workloads.map((workload) => `${workload.title}: ${workload.pods} × ${workload.gpus} GPU`).join(", ");
        return nodes <= maxNodes
            ? []
            : [
                  {
                      key,
                      problem: `${maxNodes} is too few: ${pods} need ${nodes} nodes`,
                      remedy: set(key, nodes),
                      basis: workloads.map(({ at }) => at()),
                  },
              ];
    });

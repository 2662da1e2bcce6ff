import type { Rule } from "../config/rule";
import { isNewClaim } from "../config/fields";
import { advise, inOrder, keyOf, remove, set } from "../config/problem";
import { formatBytes, parseMemory } from "../workloads/quantities";

/** What is written to `/dev/shm` counts against the memory limit: both and the process have to fit, or the kernel kills it. */
export const memoryForSharedMemory: Rule<"training"> = ({ training }, report) => {
    if (training === undefined) {
        return;
    }
    const { memory, sharedMemory, workingSet } = training;
    const needed = parseMemory(sharedMemory) + parseMemory(workingSet);
    if (parseMemory(memory) < needed) {
        const key = keyOf("training", "memory");
        report(
            key,
            `${memory} is less than sharedMemory ${sharedMemory} and workingSet ${workingSet} together, ${formatBytes(needed)}`,
            set(key, formatBytes(needed)),
        );
    }
};

/**
 * A claim that the stack makes is a disk of the cluster's default class, which one node at a time attaches: of a run on several, all pods but
 * those on that node would wait forever. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/persistent-volumes#access_modes
 */
export const sharedStorage: Rule<"project" | "training"> = ({ project, training }, report) => {
    if (training === undefined || training.nodes === 1) {
        return;
    }
    for (const field of ["checkpoints", "data"] as const) {
        const storage = training[field];
        if (isNewClaim(storage)) {
            const key = keyOf("training", field);
            report(
                key,
                `claim ${storage.claim} has a size, so the stack makes it, a disk for one node at a time, but the run has ${training.nodes} nodes: it needs a bucket, or without a size a claim of yours that many nodes can mount`,
                inOrder(remove(key), set(keyOf("training", field, "bucket"), `${project}-${field}`)),
            );
        }
    }
};

/** GKE gives pods on a spot node 15 seconds. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms */
export const spotGrace: Rule<"cluster" | "training"> = ({ cluster, training }, report) => {
    const pool = cluster?.pools.findIndex(({ name, capacity }) => name === training?.pool && capacity.includes("spot")) ?? -1;
    if (pool === -1 || training === undefined || training.graceSeconds <= 15) {
        return;
    }
    const key = keyOf("training", "graceSeconds");
    report(key, `is ${training.graceSeconds}, but pods on a spot node get at most 15 seconds`, set(key, 15), [
        keyOf("cluster", "pools", pool),
    ]);
};

/** TensorBoard runs in the training image; the image's build argument is derived, and one that is given must not take it out. */
export const tensorboardImage: Rule<"images" | "training"> = ({ images, training }, report) => {
    const given = images?.buildArguments.TRACKERS;
    if (training?.tensorboard && images?.from === "build" && given !== undefined && given !== "all") {
        const key = keyOf("images", "buildArguments", "TRACKERS");
        report(
            key,
            `is ${given}, but training.tensorboard is true, and TensorBoard is only in an image that is built with all`,
            set(key, "all"),
            [keyOf("training", "tensorboard")],
        );
    }
};

/** A claim is created once. */
export const uniqueClaims: Rule<"training"> = ({ training }, report) => {
    const { checkpoints, data } = training ?? {};
    if (isNewClaim(checkpoints) && isNewClaim(data) && checkpoints.claim === data.claim) {
        report(
            keyOf("training", "data"),
            `claim ${data.claim} has a size, so the stack would create it twice: checkpoints creates it`,
            advise("Name another claim for data, or leave out its size to mount the claim of checkpoints"),
        );
    }
};

/** The rules of the training run. */
export const runChecks: readonly Rule<"project" | "images" | "cluster" | "training">[] = [
    uniqueClaims,
    memoryForSharedMemory,
    sharedStorage,
    spotGrace,
    tensorboardImage,
];

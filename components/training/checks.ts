import type { Rule } from "../config/rule";
import { isNewClaim } from "../config/fields";
import { advise, inOrder, keyOf, remedyText, remove, set, type Path, type Report } from "../config/problem";
import { keyOfRun, type RunConfig } from "./config";
import { formatBytes, parseMemory } from "../../gke/quantities";

/** A rule of one run; `at` gives the key of one of its fields. */
type RunRule = (run: RunConfig, at: (...path: Path) => string, report: Report) => void;

const eachRun =
    (rule: RunRule): Rule<"training"> =>
    ({ training }, report) => {
        for (const run of training?.runs ?? []) {
            rule(run, (...path) => keyOfRun(run, ...path), report);
        }
    };

/** The section names its run, or a list of runs. */
export const namedRuns: Rule<"training"> = ({ training }, report) => {
    const key = keyOf("training", "runId");
    if (training?.runId === undefined && training?.isList === false) {
        report(key, "is missing: the section names no run", advise(`Set it, for example: ${remedyText(set(key, "first"))}`));
    }
    if (training?.runId !== undefined && training.isList) {
        report(key, "is set together with runs, where each run has its own id", remove(key));
    }
};

/** The ids of runs are unique. */
export const uniqueRuns: Rule<"training"> = ({ training }, report) => {
    const ids = new Set<string>();
    for (const run of training?.runs ?? []) {
        if (ids.has(run.runId)) {
            report(keyOfRun(run, "id"), `${run.runId} is the id of another run`, advise("Give each run another id."));
        }
        ids.add(run.runId);
    }
};

/**
 * A claim that the stack creates is a disk for one node at a time, so two runs on it would wait for each other.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/persistent-volumes#access_modes
 */
export const oneRunPerDisk: Rule<"project" | "training"> = ({ project, training }, report) => {
    const users = new Map<string, string>();
    for (const run of training?.runs ?? []) {
        for (const claim of new Set([run.checkpoints, run.data].filter(isNewClaim).map((storage) => storage.claim))) {
            const other = users.get(claim);
            if (other !== undefined) {
                report(
                    keyOfRun(run, "checkpoints"),
                    `claim ${claim} is a disk for one node at a time, and run ${other} uses it too`,
                    advise(`Give each run another claim, or use a bucket such as ${project}-checkpoints, in which each run has a folder.`),
                );
            }
            users.set(claim, run.runId);
        }
    }
};

/** Data in `/dev/shm` counts against the memory limit: the process must fit next to it, or the kernel kills it. */
export const memoryForSharedMemory = eachRun(({ memory, sharedMemory, workingSet }, at, report) => {
    const needed = parseMemory(sharedMemory) + parseMemory(workingSet);
    if (parseMemory(memory) < needed) {
        report(
            at("memory"),
            `${memory} is less than sharedMemory ${sharedMemory} and workingSet ${workingSet} together, ${formatBytes(needed)}`,
            set(at("memory"), formatBytes(needed)),
        );
    }
});

/**
 * A claim that the stack creates is a disk of the cluster's default class, which one node at a time can attach. In a run on several nodes, all pods except
 * those on that node would wait forever. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/persistent-volumes#access_modes
 */
export const sharedStorage: Rule<"project" | "training"> = ({ project, training }, report) => {
    for (const run of training?.runs.filter(({ nodes }) => nodes > 1) ?? []) {
        for (const field of ["checkpoints", "data"] as const) {
            const [storage, key] = [run[field], keyOfRun(run, field)];
            if (isNewClaim(storage)) {
                report(
                    key,
                    `claim ${storage.claim} has a size, so the stack creates it as a disk for one node at a time, but the run has ${run.nodes} nodes: use a bucket, or a claim of your own, without a size, that many nodes can mount`,
                    inOrder(remove(key), set(keyOfRun(run, field, "bucket"), `${project}-${field}`)),
                );
            }
        }
    }
};

/** GKE gives pods on a spot node 15 seconds. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms */
export const spotGrace: Rule<"cluster" | "training"> = ({ cluster, training }, report) => {
    for (const run of training?.runs.filter(({ graceSeconds }) => graceSeconds > 15) ?? []) {
        const pool = cluster?.pools.findIndex(({ name, capacity }) => name === run.pool && capacity.includes("spot")) ?? -1;
        if (pool !== -1) {
            const key = keyOfRun(run, "graceSeconds");
            report(key, `is ${run.graceSeconds}, but pods on a spot node get at most 15 seconds`, set(key, 15), [
                keyOf("cluster", "pools", pool),
            ]);
        }
    }
};

/** TensorBoard runs in the training image; its build argument is derived, and an explicit one must not remove it. */
export const tensorboardImage: Rule<"images" | "training"> = ({ images, training }, report) => {
    const given = images?.buildArguments.TRACKERS;
    if (training?.tensorboard && images?.from !== "release" && given !== undefined && given !== "all") {
        const key = keyOf("images", "buildArguments", "TRACKERS");
        report(
            key,
            `is ${given}, but training.tensorboard is true, and TensorBoard is only in an image that is built with all`,
            set(key, "all"),
            [keyOf("training", "tensorboard")],
        );
    }
};

/** The stack creates a claim once. */
export const uniqueClaims = eachRun(({ checkpoints, data }, at, report) => {
    if (isNewClaim(checkpoints) && isNewClaim(data) && checkpoints.claim === data.claim) {
        report(
            at("data"),
            `claim ${data.claim} has a size, so the stack would create it twice: checkpoints creates it`,
            advise("Name another claim for data, or leave out its size to mount the claim of checkpoints"),
        );
    }
});

/** The rules of the training runs. */
export const runChecks: readonly Rule<"project" | "images" | "cluster" | "training">[] = [
    namedRuns,
    uniqueRuns,
    oneRunPerDisk,
    uniqueClaims,
    memoryForSharedMemory,
    sharedStorage,
    spotGrace,
    tensorboardImage,
];

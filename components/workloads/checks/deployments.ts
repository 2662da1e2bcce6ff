import { advise, oneOf, remove, set, type Report } from "../../config/problem";
import type { Rule } from "../../config/rule";
import type { Deployed, Workload } from "../placement/workload";
import { parseMemory } from "../../../gke/quantities";

/** A rule of one service or worker. */
const eachDeployed =
    (rule: (deployed: Deployed, at: Workload["at"], report: Report) => void): Rule<"workloads"> =>
    ({ workloads }, report) => {
        for (const { deployed, at } of workloads) {
            if (deployed !== undefined) {
                rule(deployed, at, report);
            }
        }
    };

/** The names of services are unique, and so are those of workers. */
export const uniqueNames: Rule<"workloads"> = ({ workloads }, report) => {
    const used = new Map<string, number>();
    eachDeployed(({ kind, name }, at, reportName) => {
        const identity = `${kind} ${name}`;
        const uses = (used.get(identity) ?? 0) + 1;
        used.set(identity, uses);
        if (uses > 1) {
            reportName(at("name"), `${name} is the name of another ${kind}`, set(at("name"), `${name}-${uses}`));
        }
    })({ workloads }, report);
};

/** Objects that exist in each namespace of the stack. */
const NAMESPACE_OBJECTS: Readonly<Record<string, string>> = {
    "default-deny": "the network policy of the whole namespace",
    default: "the service account that Kubernetes creates in each namespace",
};

/** No service or worker has the name of an object that exists in its namespace. */
export const freeNames = eachDeployed(({ kind, name }, at, report) => {
    const taken = Object.hasOwn(NAMESPACE_OBJECTS, name) ? NAMESPACE_OBJECTS[name] : undefined;
    if (taken !== undefined) {
        report(at("name"), `${name} is the name of ${taken}`, set(at("name"), `${name}-${kind}`));
    }
});

/** The number of pods is either fixed or set by the autoscaler; otherwise each update would undo the autoscaler's change. */
export const oneScale = eachDeployed(({ replicas, autoscaling }, at, report) => {
    if (replicas !== undefined && autoscaling !== undefined) {
        report(at("replicas"), "is set together with autoscaling, which decides the number of pods", remove(at("replicas")));
    }
});

/** No autoscaler's minimum is above its maximum. */
export const autoscalingBounds = eachDeployed(({ autoscaling }, at, report) => {
    if (autoscaling !== undefined && autoscaling.min > autoscaling.max) {
        const { min, max } = autoscaling;
        const key = at("autoscaling", "max");
        const remedy = oneOf([`up to ${min} pods`, set(key, min)], [`at least ${max}`, set(at("autoscaling", "min"), max)]);
        report(key, `${max} is below autoscaling.min, ${min}`, remedy);
    }
});

/** Data in `/dev/shm` counts against the memory limit: if the limit is not larger, the process is killed. */
export const memoryBesidesSharedMemory = eachDeployed(({ memory, sharedMemory }, at, report) => {
    if (sharedMemory !== undefined && parseMemory(memory) <= parseMemory(sharedMemory)) {
        const key = at("memory");
        report(
            key,
            `is ${memory}, but sharedMemory (${sharedMemory}) counts against it, and the process needs memory too`,
            advise(`Set ${key} to the memory of the process and ${sharedMemory} together.`),
            [at("sharedMemory")],
        );
    }
});

/** The rules of services and workers. */
export const deploymentChecks: readonly Rule<"workloads">[] = [
    uniqueNames,
    freeNames,
    oneScale,
    autoscalingBounds,
    memoryBesidesSharedMemory,
];

import { RUN_QUEUE } from "../../../k8s/queues";
import { advise, keyOf, remove, set } from "../../config/problem";
import type { Rule } from "../../config/rule";
import { sectionNamespaces } from "../../config/stack";
import { KUEUE_NAMESPACE } from "./kueue-chart";

/** Resource flavors of a cluster queue. https://kueue.sigs.k8s.io/docs/reference/kueue.v1beta2/ */
const MOST_POOLS = 64;

/** Queues need at least one pool, and at most as many pools as a cluster queue supports. */
export const queuesHavePools: Rule<"cluster"> = ({ cluster }, report) => {
    if (!cluster?.queues) {
        return;
    }
    const [queues, pools] = [keyOf("cluster", "queues"), keyOf("cluster", "pools")];
    if (cluster.pools.length === 0) {
        report(
            queues,
            "is true, but the cluster has no GPU pool that a run could wait for",
            advise(`Add a pool to ${pools}, or remove ${queues}.`),
            [pools],
        );
    }
    if (cluster.pools.length > MOST_POOLS) {
        report(
            queues,
            `is true, but the cluster has ${cluster.pools.length} GPU pools, and a Kueue queue supports at most ${MOST_POOLS}`,
            remove(queues),
        );
    }
};

/** A run uses the queue of the stack. An existing cluster may have others. */
export const queueExists: Rule<"cluster" | "training"> = ({ cluster, training }, report) => {
    for (const { queue, path } of cluster?.queues && !cluster.existing ? (training?.runs ?? []) : []) {
        if (queue !== undefined && queue !== RUN_QUEUE) {
            const key = keyOf("training", ...path, "queue");
            report(key, `is ${queue}, but the only queue of this stack is ${RUN_QUEUE} (cluster.queues)`, set(key, RUN_QUEUE));
        }
    }
};

/** Priorities apply only to runs with a queue. */
export const priorityOfQueued: Rule<"training"> = ({ training }, report) => {
    for (const { queue, priority, path } of training?.runs ?? []) {
        if (priority !== undefined && queue === undefined) {
            const key = keyOf("training", ...path, "priority");
            report(key, `is ${priority}, but the run has no queue, and only queues order runs by priority`, remove(key), [
                keyOf("cluster", "queues"),
            ]);
        }
    }
};

/** No section uses the namespace of Kueue's controller. */
export const kueueNamespace: Rule<"cluster"> = ({ cluster, ...sections }, report) => {
    if (!cluster?.queues) {
        return;
    }
    for (const [section, namespace] of sectionNamespaces(sections)) {
        if (namespace === KUEUE_NAMESPACE) {
            const key = keyOf(section, "namespace");
            report(key, `${KUEUE_NAMESPACE} is the namespace of Kueue (cluster.queues)`, set(key, section));
        }
    }
};

/** The rules of queues and of the sections that use them. */
export const queueChecks: readonly Rule<"cluster" | "training">[] = [queueExists, priorityOfQueued, kueueNamespace];

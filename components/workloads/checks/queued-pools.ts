import { advise, keyOf, set } from "../../config/problem";
import type { Rule } from "../../config/rule";

/**
 * Flex-start brings nodes one by one, and those that came are paid for while they wait for the rest; queued provisioning brings all at once, and none to a run that
 * no queue of Kueue asks for. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/dws
 */
export const queuedRuns: Rule<"cluster" | "inference" | "training"> = ({ cluster, inference, training }, report) => {
    const index = cluster?.pools.findIndex(({ name }) => name === training?.pool) ?? -1;
    const pool = cluster?.pools[index];
    if (training === undefined || pool === undefined) {
        return;
    }
    const [queue, nodes] = [keyOf("training", "queue"), keyOf("training", "nodes")];
    const queued = keyOf("cluster", "pools", index, "queuedProvisioning");
    const basis = [keyOf("cluster", "pools", index)];
    if (pool.queuedProvisioning && training.queue === undefined) {
        report(
            queue,
            `is missing, but nodes of pool ${pool.name} come only for runs with a queue (queuedProvisioning)`,
            advise(`Set ${queue} to a local queue of Kueue that asks for queued provisioning, or remove ${queued}.`),
            basis,
        );
    }
    if (!pool.queuedProvisioning && training.nodes > 1 && pool.capacity.includes("flex-start")) {
        const onlyRuns = pool.capacity.length === 1 && inference?.services.every((service) => service.pool !== pool.name) !== false;
        report(
            nodes,
            `is ${training.nodes}, but pool ${pool.name} gets its nodes from flex-start, one by one, and the first are paid for while they wait for the last: ` +
                `train on one node, or with a training.queue of Kueue on a pool with capacity flex-start and queuedProvisioning`,
            training.queue !== undefined && onlyRuns ? set(queued, true) : set(nodes, 1),
            basis,
        );
    }
};

/** No queue asks for the nodes of a service. */
export const queuedServices: Rule<"cluster" | "inference" | "training"> = ({ cluster, inference, training }, report) => {
    inference?.services.forEach((service, index) => {
        const at = cluster?.pools.findIndex(({ name }) => name === service.pool) ?? -1;
        if (cluster?.pools[at]?.queuedProvisioning !== true) {
            return;
        }
        const [key, queued] = [keyOf("inference", "services", index, "pool"), keyOf("cluster", "pools", at, "queuedProvisioning")];
        report(
            key,
            `is ${service.pool}, which adds nodes only for runs with a queue (queuedProvisioning)`,
            training?.pool === service.pool
                ? advise("Name a pool without queuedProvisioning, or add one to ml-platform:cluster.pools.")
                : set(queued, false),
            [keyOf("cluster", "pools", at)],
        );
    });
};

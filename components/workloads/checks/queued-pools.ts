import { advise, keyOf, set } from "../../config/problem";
import type { Rule } from "../../config/rule";

/**
 * Flex-start provisions nodes one by one, and early nodes cost money while they wait for the rest. Queued provisioning provides all at once, and none for a run that
 * no Kueue queue requests. Source: https://cloud.google.com/kubernetes-engine/docs/concepts/dws
 */
export const queuedRuns: Rule<"cluster" | "training" | "workloads"> = ({ cluster, training, workloads }, report) => {
    const isServed = (pool: string): boolean => workloads.some((workload) => !workload.isRun && workload.pool === pool);
    for (const run of training?.runs ?? []) {
        const index = cluster?.pools.findIndex(({ name }) => name === run.pool) ?? -1;
        const pool = cluster?.pools[index];
        if (pool === undefined) {
            continue;
        }
        const [queue, nodes] = [keyOf("training", ...run.path, "queue"), keyOf("training", ...run.path, "nodes")];
        const queued = keyOf("cluster", "pools", index, "queuedProvisioning");
        const basis = [keyOf("cluster", "pools", index)];
        if (pool.queuedProvisioning && run.queue === undefined) {
            report(
                queue,
                `is missing, but nodes of pool ${pool.name} are added only for queued runs (queuedProvisioning)`,
                advise(`Set ${queue} to a local queue of Kueue that asks for queued provisioning, or remove ${queued}.`),
                basis,
            );
        }
        if (!pool.queuedProvisioning && run.nodes > 1 && pool.capacity.includes("flex-start")) {
            const onlyRuns = pool.capacity.length === 1 && !isServed(pool.name);
            report(
                nodes,
                `is ${run.nodes}, but pool ${pool.name} gets its nodes from flex-start, one by one, and the first ones cost money while they wait for the last: ` +
                    `train on one node, or with a training.queue of Kueue on a pool with capacity flex-start and queuedProvisioning`,
                run.queue !== undefined && onlyRuns ? set(queued, true) : set(nodes, 1),
                basis,
            );
        }
    }
};

/** Queued provisioning provides no nodes for workloads other than runs. */
export const queuedServices: Rule<"cluster" | "workloads"> = ({ cluster, workloads }, report) => {
    for (const { at, pool } of workloads.filter(({ isRun }) => !isRun)) {
        const index = cluster?.pools.findIndex(({ name }) => name === pool) ?? -1;
        if (cluster?.pools[index]?.queuedProvisioning !== true) {
            continue;
        }
        const [key, queued] = [at("pool"), keyOf("cluster", "pools", index, "queuedProvisioning")];
        report(
            key,
            `is ${pool}, which adds nodes only for queued runs (queuedProvisioning)`,
            workloads.some((run) => run.isRun && run.pool === pool)
                ? advise("Name a pool without queuedProvisioning, or add one to ml-platform:cluster.pools.")
                : set(queued, false),
            [keyOf("cluster", "pools", index)],
        );
    }
};

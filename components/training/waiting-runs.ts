import * as pulumi from "@pulumi/pulumi";
import { sum } from "../../gke/quantities";
import { RUN_QUEUE } from "../../k8s/queues";
import { RUN_LABEL } from "../../k8s/training";
import type { ClusterConfig } from "../cluster/config";
import type { Found } from "../workloads/cluster-lookup";
import { poolNodes } from "../workloads/placement/pool-nodes";
import { unqueuedOn, type Workload } from "../workloads/placement/workload";
import type { RunConfig, TrainingConfig } from "./config";
import { hasEnded, ownRuns } from "./kept-runs";

/** The sections that decide which runs wait. */
interface Sections {
    readonly cluster?: ClusterConfig | undefined;
    readonly training?: TrainingConfig | undefined;
    readonly workloads?: readonly Workload[] | undefined;
}

/**
 * Logs, during preview too, for each pool the runs that together need more GPUs than the pool has for them, so that some wait in the stack's queue. It does not say which
 * ones: runs of one priority go by age, and Kueue compares ages in seconds, which are equal for the runs of one update.
 * @param jobs Jobs in the cluster; runs that have ended need no GPUs
 */
export async function reportWaiting({ cluster, training, workloads = [] }: Sections, jobs: readonly Found[]): Promise<void> {
    if (cluster?.queues !== true) {
        return;
    }
    const ended = ownRuns(jobs).filter(hasEnded);
    const isOver = ({ runId, namespace }: RunConfig): boolean =>
        ended.some(({ metadata }) => metadata.labels?.[RUN_LABEL] === runId && metadata.namespace === namespace);
    const queued = (training?.runs ?? []).filter((run) => run.queue === RUN_QUEUE && !isOver(run));
    for (const { pool, gpus } of poolNodes(cluster).values()) {
        const runs = queued.filter((run) => run.pool === pool.name);
        const needed = sum(runs.map((run) => run.nodes * run.gpus));
        const others = unqueuedOn(pool.name, workloads).map(({ title, pods, gpus: ofPod }) => ({ title, gpus: pods * ofPod }));
        const all = gpus * pool.maxNodes;
        if (needed <= all - sum(others.map((other) => other.gpus))) {
            continue;
        }
        const less = others.length === 0 ? "" : `, less ${listed(others.map((other) => `${other.gpus} for ${other.title}`))}`;
        await pulumi.log.info(
            `${subject(runs)} ${needed} GPUs of pool ${pool.name}, which has ${all}${less}. ` +
                `Runs wait in queue ${RUN_QUEUE} until they fit, and start by priority, then by age.`,
        );
    }
}

/** The runs as the subject of a sentence: "Run a needs", "Runs a and b need". */
function subject(runs: readonly RunConfig[]): string {
    const names = listed(runs.map(({ runId }) => runId));
    return runs.length === 1 ? `Run ${names} needs` : `Runs ${names} need`;
}

const listed = (items: readonly string[]): string => new Intl.ListFormat("en").format(items);

import { RUN_LABEL } from "../../k8s/training";
import { buckets } from "../../k8s/volumes";
import type { Found } from "../workloads/cluster-lookup";
import { isOwn } from "../workloads/stack-label";
import type { TrainingConfig } from "./config";
import { Refusal } from "../config/refusal";

/** A Job, as far as a look-up reads it. */
interface Job extends Found {
    readonly spec?: {
        readonly template?: { readonly spec?: { readonly volumes?: readonly Volume[] } };
    };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

interface Volume {
    readonly csi?: { readonly volumeAttributes?: { readonly bucketName?: string } };
}

/** The runs that this stack started, ended or not. */
function ownRuns(jobs: readonly Found[]): readonly Job[] {
    return (jobs as readonly Job[]).filter(isOwn);
}

/** https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions */
function hasEnded({ status }: Job): boolean {
    return (status?.conditions ?? []).some((condition) => ["Complete", "Failed"].includes(condition.type) && condition.status === "True");
}

/**
 * A run in two namespaces would train twice, and write one folder.
 * @throws Refusal where the run of this id exists in another namespace
 */
export function refuseSecond(training: TrainingConfig | undefined, jobs: readonly Found[]): void {
    if (training === undefined) {
        return;
    }
    const { runId, namespace } = training;
    const other = ownRuns(jobs).find(({ metadata }) => metadata.labels?.[RUN_LABEL] === runId && metadata.namespace !== namespace);
    if (other?.metadata.namespace !== undefined) {
        throw new Refusal(
            `ml-platform:training.namespace is ${namespace}, but run ${runId} is in namespace ${other.metadata.namespace}, with its checkpoints. ` +
                `Set a new ml-platform:training.runId to start a run in ${namespace}, or go back: ` +
                `pulumi config set --path ml-platform:training.namespace ${other.metadata.namespace}`,
        );
    }
}

/**
 * A run that still trains needs its namespace's account and the account's access to its buckets. An update that removes them would end the run at its next
 * checkpoint.
 * @throws Refusal that names the run and the commands that wait for its end, or end it
 */
export function refuseStranded(training: TrainingConfig | undefined, jobs: readonly Found[]): void {
    const kept = training === undefined ? [] : buckets([training.checkpoints, training.data]);
    for (const run of ownRuns(jobs).filter((job) => !hasEnded(job))) {
        const lost = lostBy(run, training?.namespace, kept);
        if (lost !== undefined) {
            const { name, namespace = "" } = run.metadata;
            throw new Refusal(
                `Run ${run.metadata.labels?.[RUN_LABEL] ?? name} still trains in namespace ${namespace}, and this update would remove ${lost}. ` +
                    `Wait until it ends: kubectl --namespace ${namespace} wait job ${name} --for=condition=Complete --timeout=-1s. ` +
                    `To end it now: kubectl --namespace ${namespace} delete job ${name}`,
            );
        }
    }
}

function lostBy({ metadata, spec }: Job, namespace: string | undefined, kept: readonly string[]): string | undefined {
    if (metadata.namespace !== namespace) {
        return "its service account";
    }
    const mounted = (spec?.template?.spec?.volumes ?? []).map(({ csi }) => csi?.volumeAttributes?.bucketName);
    const lost = mounted.find((bucket) => bucket !== undefined && !kept.includes(bucket));
    return lost === undefined ? undefined : `its access to bucket ${lost}`;
}

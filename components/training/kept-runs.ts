import { secretObjectNames } from "../../k8s/secrets/pod-secrets";
import { RUN_LABEL, secretOwner } from "../../k8s/training";
import { buckets } from "../../k8s/volumes";
import type { Found } from "../workloads/cluster-lookup";
import { isOwn } from "../workloads/stack-label";
import { keyOfRun, storagesOf, type TrainingConfig } from "./config";
import { Refusal } from "../config/pulumi-sdk";

/** The fields of a Job that a look-up reads. */
interface Job extends Found {
    readonly spec?: {
        readonly template?: { readonly spec?: { readonly volumes?: readonly Volume[]; readonly containers?: readonly Container[] } };
    };
    readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

interface Volume {
    readonly csi?: { readonly volumeAttributes?: { readonly bucketName?: string; readonly secretProviderClass?: string } };
}

interface Container {
    readonly env?: readonly { readonly valueFrom?: { readonly secretKeyRef?: { readonly name?: string } } }[];
}

/** All runs that this stack started. */
export function ownRuns(jobs: readonly Found[]): readonly Job[] {
    return (jobs as readonly Job[]).filter(isOwn);
}

/** Whether a run has completed or failed. https://kubernetes.io/docs/concepts/workloads/controllers/job/#terminal-job-conditions */
export function hasEnded({ status }: Job): boolean {
    return (status?.conditions ?? []).some((condition) => ["Complete", "Failed"].includes(condition.type) && condition.status === "True");
}

/**
 * A run in two namespaces would train twice, and write to one folder.
 * @throws Refusal if a run of this ID exists in another namespace
 */
export function refuseSecond(training: TrainingConfig | undefined, jobs: readonly Found[]): void {
    for (const run of training?.runs ?? []) {
        const { runId, namespace, path } = run;
        const other = ownRuns(jobs).find(({ metadata }) => metadata.labels?.[RUN_LABEL] === runId && metadata.namespace !== namespace);
        if (other?.metadata.namespace !== undefined) {
            const id = keyOfRun(run, path.length === 0 ? "runId" : "id");
            throw new Refusal(
                `ml-platform:training.namespace is ${namespace}, but run ${runId} is in namespace ${other.metadata.namespace}, with its checkpoints. ` +
                    `Set a new ${id} to start a run in ${namespace}, or go back: ` +
                    `pulumi config set --path ml-platform:training.namespace ${other.metadata.namespace}`,
            );
        }
    }
}

/**
 * A run that still trains needs its namespace's account, the account's access to its buckets, and its secrets, which each new pod reads. An update that removes
 * them would end the run at its next checkpoint or at its next pod.
 * @throws Refusal with the run and the commands that wait for it or end it
 */
export function refuseStranded(training: TrainingConfig | undefined, jobs: readonly Found[]): void {
    const kept = [...buckets(storagesOf(training)), ...secretObjectsOf(training)];
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
    const { volumes = [], containers = [] } = spec?.template?.spec ?? {};
    const isLost = (used: string | undefined): used is string => used !== undefined && !kept.includes(used);
    const bucket = volumes.map(({ csi }) => csi?.volumeAttributes?.bucketName).find(isLost);
    if (bucket !== undefined) {
        return `its access to bucket ${bucket}`;
    }
    const variables = containers.flatMap(({ env = [] }) => env).map(({ valueFrom }) => valueFrom?.secretKeyRef?.name);
    const files = volumes.map(({ csi }) => csi?.volumeAttributes?.secretProviderClass);
    return [...files, ...variables].some(isLost) ? "secrets that it was started with" : undefined;
}

/** Names of the objects that provide the runs with secrets from Secret Manager. */
const secretObjectsOf = (training: TrainingConfig | undefined): string[] =>
    (training?.runs ?? []).flatMap(({ runId, secrets }) => Object.values(secretObjectNames(secretOwner(runId), secrets)));

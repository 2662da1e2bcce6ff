import { isDeepStrictEqual } from "node:util";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { trainingNetworkSpec } from "../../k8s/network/network-policy";
import { NODE_AND_IMAGE_SECONDS } from "../../k8s/rollout";
import { PRIORITY_LABEL, QUEUE_LABEL } from "../../k8s/queues";
import { keptFields } from "../../k8s/started-run";
import { TRAINING_LABELS, jobSpec, rendezvousSpec, runLabels, secretOwner, type TrainingSettings } from "../../k8s/training";
import { bucketAccess } from "../../k8s/volumes";
import { importedFrom } from "../workloads/cluster-lookup";
import type { RunConfig } from "./config";
import { isNewClaim, newBuckets } from "../config/fields";
import { keptBucket } from "./kept-bucket";
import { keptClaim } from "./kept-claims";
import type { KeptObjects } from "./kept-objects";
import { knownValue } from "../config/pulumi-sdk";
import { ownerLabels } from "../workloads/stack-label";
import { podSettings, type Placement, type WorkloadImage } from "../workloads/placement/placement";
import { secretManagerObjects } from "../workloads/secret-manager";
import { workloadIdentity } from "../workloads/workload-identity";
import { workloadNetwork } from "../workloads/workload-network";

/** Kubernetes service account of the runs. */
const ACCOUNT = "trainer";

/** Settings of a run of the section `training`, and additions of the stack. */
export interface PlacedRun extends Omit<RunConfig, "image" | "pool" | "path"> {
    /** Image by digest, and its device, for a run that starts now. */
    readonly image: WorkloadImage;
    /** Nodes of its pods. */
    readonly placement: Placement;
}

export interface TrainingJobArgs {
    readonly project: string;
    /** Namespace of the runs in the cluster. */
    readonly namespace: pulumi.Input<string>;
    /** The runs. They share an account, which reads and writes the files of each, and a network policy. */
    readonly runs: readonly PlacedRun[];
    /** Location of the buckets that are created. @default US, as for Cloud Storage itself */
    readonly region?: string | undefined;
    /** Runs, claims and buckets from earlier updates, which are imported. @default none: an existing object is an error */
    readonly kept?: KeptObjects | undefined;
}

/** Namespace and Job of a run. */
export interface RunSummary {
    readonly namespace: string;
    readonly job: string;
    readonly runId: string;
    /** Image that the run was started with. */
    readonly image: string;
}

/**
 * Training runs. The id of a run is in its Job's names, in Pulumi and in the cluster, so a new ID is a new Job. An existing Job is never changed, and
 * an old Job stays in the cluster as the record of its run.
 */
export class TrainingJob extends pulumi.ComponentResource {
    /** Summaries for the outputs of the stack, by run ID. */
    readonly summaries: Readonly<Record<string, pulumi.Output<RunSummary>>>;

    constructor(name: string, args: TrainingJobArgs, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:index:TrainingJob", name, {}, opts);
        const serviceAccount = workloadIdentity(
            name,
            {
                ...args,
                kind: "training",
                account: ACCOUNT,
                ...bucketAccess({
                    reads: args.runs.map(({ data }) => data),
                    writes: args.runs.map(({ checkpoints }) => checkpoints),
                    volumes: args.runs.flatMap(({ volumes }) => volumes),
                }),
                buckets: this.buckets(name, args),
                secrets: args.runs.flatMap(({ secrets }) => secrets),
            },
            this,
        );
        const before = [...this.claims(name, args), ...this.network(name, args)];
        this.summaries = Object.fromEntries(args.runs.map((run) => [run.runId, this.run(name, args, run, serviceAccount, before)]));
        this.registerOutputs({ summaries: this.summaries });
    }

    /** Buckets that the stack creates. */
    private buckets(name: string, { runs, region, kept }: TrainingJobArgs): pulumi.Resource[] {
        return newBuckets(runs.flatMap(({ checkpoints, data }) => [checkpoints, data])).map((bucket) =>
            keptBucket(`${name}-${bucket}`, bucket, region ?? "US", kept?.buckets.includes(bucket) ?? false, this),
        );
    }

    private run(
        name: string,
        args: TrainingJobArgs,
        run: PlacedRun,
        serviceAccount: pulumi.Output<string>,
        before: pulumi.Resource[],
    ): pulumi.Output<RunSummary> {
        const settings = settingsOf(name, run, serviceAccount);
        this.warnOfCleanUp(run);
        this.warnOfSharedDisk(run);
        const { runId, secrets } = run;
        const own = [
            ...this.rendezvous(name, args, run),
            ...secretManagerObjects(`${name}-${runId}`, { ...args, owner: secretOwner(runId), secrets, serviceAccount }, this),
        ];
        const job = this.job(name, args, run, settings, [...before, ...own]);
        this.reportKept(job, settings, pulumi.output(run.image.ref));
        return pulumi.output({
            namespace: args.namespace,
            job: job.metadata.name,
            runId,
            image: job.spec.template.spec.containers.apply(([trainer]) => trainer?.image ?? ""),
        });
    }

    private job(
        name: string,
        { namespace, kept }: TrainingJobArgs,
        run: PlacedRun,
        settings: TrainingSettings,
        dependsOn: pulumi.Resource[],
    ): kubernetes.batch.v1.Job {
        return new kubernetes.batch.v1.Job(
            `${name}-${run.runId}`,
            {
                metadata: {
                    name: settings.name,
                    namespace,
                    labels: {
                        ...runLabels(run.runId),
                        ...ownerLabels(),
                        ...(run.queue === undefined ? {} : { [QUEUE_LABEL]: run.queue }),
                        ...(run.priority === undefined ? {} : { [PRIORITY_LABEL]: run.priority }),
                    },
                    // Hours of training are not a reason to hold the stack's lock. Set `wait` to block the update until the run ends.
                    annotations: run.wait ? {} : { "pulumi.com/skipAwait": "true" },
                },
                spec: jobSpec(settings),
            },
            {
                parent: this,
                dependsOn,
                // Same id, same run: a Job's template cannot be changed, only replaced, and that would end the run and start it again
                // (pulumi-kubernetes#316, #856).
                ignoreChanges: ["spec", "metadata.labels", "metadata.annotations"],
                retainOnDelete: true,
                ...importedFrom(kept?.jobs, run.namespace, settings.name),
                customTimeouts: { create: `${run.activeDeadlineSeconds + NODE_AND_IMAGE_SECONDS}s` },
            },
        );
    }

    /** Logs, during preview too, the fields of the stack file that an existing run does not take over. */
    private reportKept(job: kubernetes.batch.v1.Job, settings: TrainingSettings, image: pulumi.Output<string>): void {
        pulumi.all([job.spec, job.metadata.labels]).apply(async ([spec, labels]) => {
            const wanted = { ...settings, image: (await knownValue(image)) ?? "a newer one", serviceAccount: ACCOUNT };
            const queue = labels[QUEUE_LABEL] === settings.queue ? [] : ["queue"];
            const kept = [...keptFields(spec, jobSpec(wanted)), ...queue].sort();
            if (kept.length > 0) {
                const text = `Run ${settings.runId} keeps the settings that it was started with. These differ from the stack file: ${kept.join(", ")}. Set a new ml-platform:training.runId to start a run with the current settings.`;
                await pulumi.log.info(text, this);
            }
        });
    }

    /** Kubernetes removes the Job without Pulumi's knowledge, and the next refresh creates it again. */
    private warnOfCleanUp({ runId, ttlSecondsAfterFinished }: PlacedRun): void {
        if (ttlSecondsAfterFinished !== undefined) {
            const text =
                `Run ${runId} is removed ${ttlSecondsAfterFinished} seconds after its end (ttlSecondsAfterFinished): its record is lost, and a later refresh ` +
                `starts it again under the same id. Remove the field, or give a new run a new ml-platform:training.runId.`;
            void pulumi.log.warn(text, this);
        }
    }

    /** A new claim is a disk of the cluster's default class, which one node at a time can attach: TensorBoard's pod waits while a run uses it. */
    private warnOfSharedDisk({ checkpoints, tensorboard }: PlacedRun): void {
        if (isNewClaim(checkpoints) && tensorboard) {
            const text =
                `Claim ${checkpoints.claim} is a disk for one node at a time, but the run and TensorBoard would share it from two nodes, and the pod that starts later waits. ` +
                `Use a bucket for ml-platform:training.checkpoints, or a claim of your own that many nodes can write to.`;
            void pulumi.log.warn(text, this);
        }
    }

    /** Claims that the stack creates: those with a size. */
    private claims(name: string, { runs, namespace, kept }: TrainingJobArgs): pulumi.Resource[] {
        return runs.flatMap((run) =>
            [run.checkpoints, run.data].filter(isNewClaim).map((claim) => {
                const found = importedFrom(kept?.claims, run.namespace, claim.claim);
                return keptClaim(`${name}-${claim.claim}`, claim, namespace, found, this);
            }),
        );
    }

    /** One policy for all runs, which also share an account: each may reach the destinations of all. */
    private network(name: string, { runs, namespace }: TrainingJobArgs): pulumi.Resource[] {
        const egress = distinct(runs.flatMap((run) => run.egress));
        const policy = trainingNetworkSpec(TRAINING_LABELS, egress);
        return workloadNetwork(name, { metadata: { name: "training", namespace }, podLabels: TRAINING_LABELS, policy, egress }, this);
    }

    /** Headless Service for pod discovery of a run on several nodes. It is kept as long as the run's Job. */
    private rendezvous(name: string, { namespace, kept }: TrainingJobArgs, run: PlacedRun): pulumi.Resource[] {
        if (run.nodes === 1) {
            return [];
        }
        const metadata = { name: jobName(name, run), namespace, annotations: { "pulumi.com/skipAwait": "true" } };
        return [
            new kubernetes.core.v1.Service(
                `${name}-${run.runId}-rendezvous`,
                { metadata, spec: rendezvousSpec(run.runId) },
                {
                    parent: this,
                    retainOnDelete: true,
                    ...importedFrom(kept?.services, run.namespace, jobName(name, run)),
                    ignoreChanges: ["spec", "metadata.annotations"],
                },
            ),
        ];
    }
}

/** Name of a run's Job in the cluster. */
function jobName(name: string, { runId }: PlacedRun): string {
    return `${name}-${runId}`;
}

function settingsOf(name: string, run: PlacedRun, serviceAccount: pulumi.Output<string>): TrainingSettings {
    const variables = { ...(run.tensorboard ? { TRACKERS: "tensorboard" } : {}), ...run.variables };
    return { ...run, name: jobName(name, run), ...podSettings({ ...run, variables }, serviceAccount) };
}

/** Distinct values. */
const distinct = <T>(values: readonly T[]): T[] =>
    values.filter((value, index) => values.findIndex((other) => isDeepStrictEqual(value, other)) === index);

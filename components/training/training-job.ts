import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { trainingNetworkSpec } from "../../k8s/network/network-policy";
import { NODE_AND_IMAGE_SECONDS } from "../../k8s/rollout";
import { keptFields } from "../../k8s/started-run";
import { TRAINING_LABELS, jobSpec, rendezvousSpec, runLabels, type TrainingSettings } from "../../k8s/training";
import { buckets } from "../../k8s/volumes";
import { importedFrom } from "../workloads/cluster-lookup";
import type { TrainingConfig } from "./config";
import { isNewClaim, newBuckets } from "../config/fields";
import { keptBucket } from "./kept-bucket";
import type { KeptObjects } from "./kept-objects";
import { knownValue } from "../workloads/known-value";
import { ownerLabels, OWNER_LABEL_PATHS } from "../workloads/stack-label";
import type { Placement, WorkloadImage } from "../workloads/placement/placement";
import { workloadIdentity } from "../workloads/workload-identity";
import { workloadNetwork } from "../workloads/workload-network";

/** Label with the queue of Kueue that admits a Job. https://kueue.sigs.k8s.io/docs/tasks/run/jobs/ */
const QUEUE_LABEL = "kueue.x-k8s.io/queue-name";

/** Account of the runs in the cluster. */
const ACCOUNT = "trainer";

export interface TrainingJobArgs {
    /** Everything that the stack file says about the run. */
    readonly training: TrainingConfig;
    readonly project: string;
    readonly namespace: pulumi.Input<string>;
    /** Image by digest, and what it computes on, of a run that starts now. */
    readonly image: WorkloadImage;
    /** Where its pods land. */
    readonly placement: Placement;
    /** Location of the buckets that are created. @default US, as for Cloud Storage itself */
    readonly region?: string | undefined;
    /** What earlier updates kept of the run, its claims and its buckets, which is taken over. @default none, and what exists already is an error */
    readonly kept?: KeptObjects | undefined;
}

/** Where a run is. */
export interface RunSummary {
    readonly namespace: string;
    readonly job: string;
    readonly runId: string;
    /** Image that the run was started with. */
    readonly image: string;
}

/**
 * One training run. Its id is in the Job's names, in Pulumi and in the cluster, so a new id is a new Job; what is there under the same id is never changed, and an
 * old Job stays in the cluster as the record of its run.
 */
export class TrainingJob extends pulumi.ComponentResource {
    /** What a stack's outputs say about it. */
    readonly summary: pulumi.Output<RunSummary>;

    constructor(name: string, args: TrainingJobArgs, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:index:TrainingJob", name, {}, opts);
        const { checkpoints, data } = args.training;
        const serviceAccount = workloadIdentity(
            name,
            {
                ...args,
                kind: "training",
                account: ACCOUNT,
                reads: buckets([data]),
                writes: buckets([checkpoints]),
                buckets: this.buckets(name, args),
            },
            this,
        );
        const network = this.network(name, args);
        const settings = settingsOf(name, args, serviceAccount);
        this.warnOfCleanUp(args.training);
        this.warnOfSharedDisk(args.training);
        const before = [...this.claims(name, args), ...network, ...this.rendezvous(name, args)];
        const job = this.run(name, args, settings, before);
        this.reportKept(job, settings, pulumi.output(args.image.ref));
        this.summary = pulumi.output({
            namespace: args.namespace,
            job: job.metadata.name,
            runId: args.training.runId,
            image: job.spec.template.spec.containers.apply(([trainer]) => trainer?.image ?? ""),
        });
        this.registerOutputs({ summary: this.summary });
    }

    /** Buckets that the stack creates. */
    private buckets(name: string, { training, region, kept }: TrainingJobArgs): pulumi.Resource[] {
        return newBuckets([training.checkpoints, training.data]).map((bucket) =>
            keptBucket(`${name}-${bucket}`, bucket, region ?? "US", kept?.buckets.includes(bucket) ?? false, this),
        );
    }

    private run(
        name: string,
        { training, namespace, kept }: TrainingJobArgs,
        settings: TrainingSettings,
        dependsOn: pulumi.Resource[],
    ): kubernetes.batch.v1.Job {
        return new kubernetes.batch.v1.Job(
            `${name}-${training.runId}`,
            {
                metadata: {
                    name: settings.name,
                    namespace,
                    labels: {
                        ...runLabels(training.runId),
                        ...ownerLabels(),
                        ...(training.queue === undefined ? {} : { [QUEUE_LABEL]: training.queue }),
                    },
                    // Hours of training are not a reason to hold the stack's lock. Set `wait` to block the update until the run ends.
                    annotations: training.wait ? {} : { "pulumi.com/skipAwait": "true" },
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
                ...importedFrom(kept?.jobs, training.namespace, settings.name),
                customTimeouts: { create: `${training.activeDeadlineSeconds + NODE_AND_IMAGE_SECONDS}s` },
            },
        );
    }

    /** Names, at preview as well, what a run that exists does not take over from the stack file. */
    private reportKept(job: kubernetes.batch.v1.Job, settings: TrainingSettings, image: pulumi.Output<string>): void {
        pulumi.all([job.spec, job.metadata.labels]).apply(async ([spec, labels]) => {
            const wanted = { ...settings, image: (await knownValue(image)) ?? "a newer one", serviceAccount: ACCOUNT };
            const queue = labels[QUEUE_LABEL] === settings.queue ? [] : ["queue"];
            const kept = [...keptFields(spec, jobSpec(wanted)), ...queue].sort();
            if (kept.length > 0) {
                const text = `Run ${settings.runId} stays as it was started; its ${kept.join(", ")} would change. A new ml-platform:training.runId starts a run with what the stack has now.`;
                await pulumi.log.info(text, this);
            }
        });
    }

    /** Kubernetes removes the Job, Pulumi does not hear of it, and the next refresh creates it again. */
    private warnOfCleanUp({ runId, ttlSecondsAfterFinished }: TrainingConfig): void {
        if (ttlSecondsAfterFinished !== undefined) {
            const text =
                `Run ${runId} is removed ${ttlSecondsAfterFinished} seconds after its end (ttlSecondsAfterFinished): its record goes, and a refresh after that ` +
                `starts it again under the same id. Leave the field out, or give a new run a new ml-platform:training.runId.`;
            void pulumi.log.warn(text, this);
        }
    }

    /** A new claim is a disk of the cluster's default class, which one node at a time can use: TensorBoard's pod waits while a run has it. */
    private warnOfSharedDisk({ checkpoints, tensorboard }: TrainingConfig): void {
        if (isNewClaim(checkpoints) && tensorboard) {
            const text =
                `Claim ${checkpoints.claim} is a disk for one node at a time, but the run's node and TensorBoard's would share it, and the pod that comes late waits. ` +
                `Use a bucket for ml-platform:training.checkpoints, or a claim of yours that many nodes can write.`;
            void pulumi.log.warn(text, this);
        }
    }

    /** Claims that the stack makes: those with a size. They are kept when the stack file no longer names them. */
    private claims(name: string, { training, namespace, kept }: TrainingJobArgs): pulumi.Resource[] {
        return [training.checkpoints, training.data].filter(isNewClaim).map(
            ({ claim, size }) =>
                new kubernetes.core.v1.PersistentVolumeClaim(
                    `${name}-${claim}`,
                    {
                        // The claim is bound when the first pod comes, which is after this update has moved on.
                        metadata: { name: claim, namespace, labels: ownerLabels(), annotations: { "pulumi.com/skipAwait": "true" } },
                        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } } },
                    },
                    {
                        parent: this,
                        retainOnDelete: true,
                        ...importedFrom(kept?.claims, training.namespace, claim),
                        // What the cluster adds, which an import would take for a difference.
                        ignoreChanges: [
                            "metadata.annotations",
                            "metadata.finalizers",
                            ...OWNER_LABEL_PATHS,
                            "spec.storageClassName",
                            "spec.volumeMode",
                            "spec.volumeName",
                        ],
                    },
                ),
        );
    }

    private network(name: string, { training, namespace }: TrainingJobArgs): pulumi.Resource[] {
        const { egress } = training;
        const policy = trainingNetworkSpec(TRAINING_LABELS, egress);
        return workloadNetwork(name, { metadata: { name: "training", namespace }, podLabels: TRAINING_LABELS, policy, egress }, this);
    }

    /** Headless Service for pod discovery of a run on several nodes. It is kept as long as the run's Job. */
    private rendezvous(name: string, { training, namespace, kept }: TrainingJobArgs): pulumi.Resource[] {
        if (training.nodes === 1) {
            return [];
        }
        const metadata = { name: jobName(name, training), namespace, annotations: { "pulumi.com/skipAwait": "true" } };
        return [
            new kubernetes.core.v1.Service(
                `${name}-${training.runId}-rendezvous`,
                { metadata, spec: rendezvousSpec(training.runId) },
                {
                    parent: this,
                    retainOnDelete: true,
                    ...importedFrom(kept?.services, training.namespace, jobName(name, training)),
                    ignoreChanges: ["spec", "metadata.annotations"],
                },
            ),
        ];
    }
}

/** Name of a run's Job in the cluster. */
function jobName(name: string, training: TrainingConfig): string {
    return `${name}-${training.runId}`;
}

function settingsOf(
    name: string,
    { training, image, placement }: TrainingJobArgs,
    serviceAccount: pulumi.Output<string>,
): TrainingSettings {
    return {
        ...training,
        name: jobName(name, training),
        image: image.ref,
        serviceAccount,
        placement: placement.nodes,
        env: { DEVICE: image.device, ...(training.tensorboard ? { TRACKERS: "tensorboard" } : {}), ...training.variables },
    };
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { trainingNetworkSpec } from "../k8s/network-policy";
import { NODE_AND_IMAGE_SECONDS } from "../k8s/rollout";
import { TRAINING_LABELS, jobSpec, keptFields, rendezvousSpec, runLabels, type TrainingSettings } from "../k8s/training";
import { buckets } from "../k8s/volumes";
import type { TrainingConfig } from "./config";
import { isNewClaim } from "./config/fields";
import { knownValue } from "./known-value";
import type { Placement, WorkloadImage } from "./placement";
import { workloadIdentity } from "./workload-identity";
import { workloadNetwork } from "./workload-network";

export interface TrainingJobArgs {
    /** Everything that the stack file says about the run. */
    readonly training: TrainingConfig;
    readonly project: string;
    readonly namespace: pulumi.Input<string>;
    /** Image by digest, and what it computes on, of a run that starts now. */
    readonly image: WorkloadImage;
    /** Where its pods land. */
    readonly placement: Placement;
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
            { ...args, kind: "training", account: "trainer", reads: buckets([data]), writes: buckets([checkpoints]) },
            this,
        );
        const before = [...this.claims(name, args), ...this.network(name, args), ...this.rendezvous(name, args)];
        const settings = settingsOf(name, args, serviceAccount);
        const job = this.run(name, args, settings, before);
        this.reportKept(job, settings, pulumi.output(args.image.ref));
        this.warnOfCleanUp(args.training);
        this.warnOfSharedDisk(args.training);
        this.summary = pulumi.output({
            namespace: args.namespace,
            job: job.metadata.name,
            runId: args.training.runId,
            image: job.spec.template.spec.containers.apply(([trainer]) => trainer?.image ?? ""),
        });
        this.registerOutputs({ summary: this.summary });
    }

    private run(
        name: string,
        { training, namespace }: TrainingJobArgs,
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
                        ...(training.queue === undefined ? {} : { "kueue.x-k8s.io/queue-name": training.queue }),
                    },
                    // Hours of training are not a reason to hold the stack's lock; who wants the update to end with the run says so.
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
                customTimeouts: { create: `${training.activeDeadlineSeconds + NODE_AND_IMAGE_SECONDS}s` },
            },
        );
    }

    /** Says, at preview as well, where a run stays as it was started although the stack has moved on. */
    private reportKept(job: kubernetes.batch.v1.Job, settings: TrainingSettings, image: pulumi.Output<string>): void {
        job.spec.template.spec.containers.apply(async ([trainer]) => {
            const wanted = { ...settings, image: (await knownValue(image)) ?? "a newer one" };
            const kept = trainer === undefined ? [] : keptFields(trainer, wanted);
            if (kept.length > 0) {
                const text = `Run ${settings.runId} stays as it was started; its ${kept.join(", ")} would change. A new ml-platform:training.runId starts a run with what the stack has now.`;
                await pulumi.log.info(text, this);
            }
        });
    }

    /** Kubernetes removes the Job, Pulumi does not hear of it, and the next refresh makes it anew. */
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

    /** Claims that the stack makes: those with a size. */
    private claims(name: string, { training, namespace }: TrainingJobArgs): pulumi.Resource[] {
        return [training.checkpoints, training.data].filter(isNewClaim).map(
            ({ claim, size }) =>
                new kubernetes.core.v1.PersistentVolumeClaim(
                    `${name}-${claim}`,
                    {
                        // The claim is bound when the first pod comes, which is after this update has moved on.
                        metadata: { name: claim, namespace, annotations: { "pulumi.com/skipAwait": "true" } },
                        spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: size } } },
                    },
                    { parent: this },
                ),
        );
    }

    private network(name: string, { training, namespace }: TrainingJobArgs): pulumi.Resource[] {
        const { egress } = training;
        const policy = trainingNetworkSpec(TRAINING_LABELS, egress);
        return workloadNetwork(name, { metadata: { name: "training", namespace }, podLabels: TRAINING_LABELS, policy, egress }, this);
    }

    /** By which the pods of a run on several nodes find each other. */
    private rendezvous(name: string, { training, namespace }: TrainingJobArgs): pulumi.Resource[] {
        if (training.nodes === 1) {
            return [];
        }
        const metadata = { name: jobName(name, training), namespace, annotations: { "pulumi.com/skipAwait": "true" } };
        return [
            new kubernetes.core.v1.Service(
                `${name}-${training.runId}-rendezvous`,
                { metadata, spec: rendezvousSpec(training.runId) },
                { parent: this },
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
        placement: placement.placement,
        env: { DEVICE: image.device, ...(training.tensorboard ? { TRACKERS: "tensorboard" } : {}), ...training.variables },
    };
}

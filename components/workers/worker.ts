import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { promqlMetricSpec } from "../../k8s/autoscaling";
import { WORKER_WORK, workerDeploymentSpec, workerLabels } from "../../k8s/deployments/worker";
import { workerNetworkSpec } from "../../k8s/network/network-policy";
import { workerAwaitSeconds } from "../../k8s/rollout";
import { bucketAccess } from "../../k8s/volumes";
import { boundsOf } from "../workloads/deployments/bounds";
import { workloadDeployment, workloadScale, type WorkloadMetadata } from "../workloads/deployments/deployment";
import type { Placement, WorkloadImage } from "../workloads/placement/placement";
import { secretManagerObjects } from "../workloads/secret-manager";
import { workloadIdentity } from "../workloads/workload-identity";
import { workloadNetwork } from "../workloads/workload-network";
import type { WorkerConfig } from "./config";

export interface WorkerArgs {
    /** Settings of the worker. */
    readonly worker: WorkerConfig;
    readonly project: string;
    readonly namespace: pulumi.Input<string>;
    /** Image by digest, and its device. */
    readonly image: WorkloadImage;
    /** Nodes of its pods, and whether the pool has capacity for one more pod. */
    readonly placement: Placement;
}

/** Namespace and Deployment of a worker. */
export interface WorkerSummary {
    readonly namespace: string;
    readonly deployment: string;
}

/** A queue consumer on GPU nodes: a Deployment that fetches its tasks and accepts no connections. */
export class Worker extends pulumi.ComponentResource {
    /** Summary for the outputs of the stack. */
    readonly summary: pulumi.Output<WorkerSummary>;

    constructor(name: string, args: WorkerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:index:Worker", name, {}, opts);
        const { worker, namespace } = args;
        const metadata = { name: worker.name, namespace, labels: workerLabels(worker.name) };
        const { secrets, model, volumes } = worker;
        const identity = { ...args, kind: "worker", account: worker.name, ...bucketAccess({ reads: [model], volumes }), secrets } as const;
        const serviceAccount = workloadIdentity(name, identity, this);
        const deployment = this.rolledOut(name, args, metadata, serviceAccount);
        this.scale(name, worker, metadata);

        this.summary = pulumi.output({ namespace, deployment: deployment.metadata.name });
        this.registerOutputs({ summary: this.summary });
    }

    private rolledOut(
        name: string,
        args: WorkerArgs,
        metadata: WorkloadMetadata,
        serviceAccount: pulumi.Output<string>,
    ): kubernetes.apps.v1.Deployment {
        const { worker, image, placement } = args;
        const { egress, secrets } = worker;
        const podLabels = metadata.labels;
        const dependsOn = [
            ...workloadNetwork(name, { metadata, podLabels, policy: workerNetworkSpec(podLabels, egress), egress }, this),
            ...secretManagerObjects(name, { ...args, owner: worker.name, secrets, serviceAccount }, this),
        ];
        const bounds = boundsOf(worker);
        const env = { DEVICE: image.device, ...worker.variables };
        const settings = { ...worker, image: image.ref, serviceAccount, placement: placement.nodes, env };
        return workloadDeployment(
            name,
            {
                metadata,
                work: WORKER_WORK,
                bounds,
                fitsOneMore: placement.fitsOneMore,
                awaitSeconds: workerAwaitSeconds(worker, bounds.max),
                spec: (replicas, rollout) => workerDeploymentSpec({ ...settings, replicas, rollout }),
                isScaled: worker.autoscaling !== undefined,
                dependsOn,
            },
            this,
        );
    }

    private scale(name: string, worker: WorkerConfig, metadata: WorkloadMetadata): void {
        const { autoscaling, coldStartSeconds } = worker;
        const load = autoscaling && ({ metric: "queue-length", target: autoscaling.target } as const);
        const metric = autoscaling && promqlMetricSpec("queue-length", autoscaling.query);
        workloadScale(name, { metadata, bounds: boundsOf(worker), load, metric, coldStartSeconds }, this);
    }
}

import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { promqlMetricSpec } from "../../k8s/autoscaling";
import { WORKER_WORK, workerDeploymentSpec, workerLabels } from "../../k8s/deployments/worker";
import { workerNetworkSpec } from "../../k8s/network/network-policy";
import { workerAwaitSeconds } from "../../k8s/rollout";
import { bucketAccess } from "../../k8s/volumes";
import { boundsOf } from "../workloads/deployments/bounds";
import { workloadDeployment, workloadScale, type WorkloadMetadata } from "../workloads/deployments/deployment";
import { podSettings, type Placement, type WorkloadImage } from "../workloads/placement/placement";
import { secretManagerObjects } from "../workloads/secret-manager";
import { workloadIdentity } from "../workloads/workload-identity";
import { workloadNetwork } from "../workloads/workload-network";
import type { WorkerConfig } from "./config";

/** Settings of a worker of the section `workers`, and additions of the stack. */
export interface WorkerArgs extends Omit<WorkerConfig, "image" | "pool"> {
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
        const { namespace, model, volumes } = args;
        const metadata = { name: args.name, namespace, labels: workerLabels(args.name) };
        const identity = { ...args, kind: "worker", account: args.name, ...bucketAccess({ reads: [model], volumes }) };
        const serviceAccount = workloadIdentity(name, identity, this);
        const deployment = this.rolledOut(name, args, metadata, serviceAccount);
        this.scale(name, args, metadata);

        this.summary = pulumi.output({ namespace, deployment: deployment.metadata.name });
        this.registerOutputs({ summary: this.summary });
    }

    private rolledOut(
        name: string,
        args: WorkerArgs,
        metadata: WorkloadMetadata,
        serviceAccount: pulumi.Output<string>,
    ): kubernetes.apps.v1.Deployment {
        const { egress } = args;
        const podLabels = metadata.labels;
        const dependsOn = [
            ...workloadNetwork(name, { metadata, podLabels, policy: workerNetworkSpec(podLabels, egress), egress }, this),
            ...secretManagerObjects(name, { ...args, owner: args.name, serviceAccount }, this),
        ];
        const settings = { ...args, ...podSettings(args, serviceAccount) };
        return workloadDeployment(
            name,
            {
                metadata,
                work: WORKER_WORK,
                settings: args,
                awaitSeconds: (pods) => workerAwaitSeconds(args, pods),
                spec: (replicas, rollout) => workerDeploymentSpec({ ...settings, replicas, rollout }),
                dependsOn,
            },
            this,
        );
    }

    private scale(name: string, args: WorkerArgs, metadata: WorkloadMetadata): void {
        const { autoscaling, coldStartSeconds } = args;
        const load = autoscaling && ({ metric: "queue-length", target: autoscaling.target } as const);
        const metric = autoscaling && promqlMetricSpec("queue-length", autoscaling.query);
        workloadScale(name, { metadata, bounds: boundsOf(args), load, metric, coldStartSeconds }, this);
    }
}

import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { autoscalerSpec, type AutoscalerSettings } from "../../../k8s/autoscaling";
import { disruptionBudgetSpec } from "../../../k8s/deployments/gpu-deployment";
import { rollout, type ReplicaWork, type Rollout } from "../../../k8s/rollout";
import type { Placement } from "../placement/placement";
import { boundsOf, type Bounds, type Scaled } from "./bounds";

/** Name, namespace and labels of all objects of a service or a worker. Its pods have the same labels. */
export interface WorkloadMetadata {
    readonly name: string;
    readonly namespace: pulumi.Input<string>;
    readonly labels: Record<string, string>;
}

/** Arguments of a Deployment. */
export interface WorkloadDeploymentArgs {
    readonly metadata: WorkloadMetadata;
    /** The work of its replicas, for the warning about a rollout that stops one first. */
    readonly work: ReplicaWork;
    readonly settings: Scaled & { readonly placement: Placement };
    /** Returns the seconds that an update waits for the rollout of the maximum number of pods. */
    readonly awaitSeconds: (pods: number) => number;
    /** Returns the specification for a number of pods and a rollout strategy. */
    readonly spec: (replicas: number, strategy: Rollout) => kubernetes.types.input.apps.v1.DeploymentSpec;
    /** The resources that must exist before the pods. */
    readonly dependsOn: pulumi.Resource[];
}

/** Creates, under a component, the Deployment of a service or a worker, with a strategy that can finish. */
export function workloadDeployment(
    name: string,
    args: WorkloadDeploymentArgs,
    parent: pulumi.ComponentResource,
): kubernetes.apps.v1.Deployment {
    const { metadata, work, settings } = args;
    const bounds = boundsOf(settings);
    const strategy = rollout({ replicas: bounds.max, fitsOneMore: settings.placement.fitsOneMore, work });
    if (strategy.warning !== undefined) {
        void pulumi.log.warn(`${metadata.name}: ${strategy.warning}`, parent);
    }
    const timeout = `${args.awaitSeconds(bounds.max)}s`;
    return new kubernetes.apps.v1.Deployment(
        name,
        {
            // The stack file overrides a number of pods that the autoscaler or kubectl has set, without a conflict.
            metadata: { ...metadata, annotations: { "pulumi.com/patchForce": "true" } },
            spec: args.spec(bounds.min, strategy),
        },
        {
            parent,
            dependsOn: args.dependsOn,
            customTimeouts: { create: timeout, update: timeout },
            // Without a value, the number would fall to 1 (pulumi-kubernetes#2491); with one, each update would undo the autoscaler's change.
            ignoreChanges: settings.autoscaling === undefined ? [] : ["spec.replicas"],
        },
    );
}

/** Arguments of the objects that scale a service or a worker. */
export interface WorkloadScaleArgs extends Pick<AutoscalerSettings, "load" | "coldStartSeconds"> {
    readonly metadata: WorkloadMetadata;
    readonly bounds: Bounds;
    /** Specification of the AutoscalingMetric that measures `load`; absent for a fixed number of pods. */
    readonly metric?: object | undefined;
}

/** Creates, under a component, the autoscaler and the disruption budget of a service or a worker. */
export function workloadScale(
    name: string,
    { metadata, bounds, metric, ...args }: WorkloadScaleArgs,
    parent: pulumi.ComponentResource,
): void {
    new kubernetes.policy.v1.PodDisruptionBudget(`${name}-budget`, { metadata, spec: disruptionBudgetSpec(metadata.labels) }, { parent });
    if (metric !== undefined) {
        new kubernetes.apiextensions.CustomResource(
            `${name}-load`,
            { apiVersion: "autoscaling.gke.io/v1beta1", kind: "AutoscalingMetric", metadata, spec: metric },
            { parent },
        );
    }
    new kubernetes.autoscaling.v2.HorizontalPodAutoscaler(
        `${name}-autoscaler`,
        { metadata, spec: autoscalerSpec({ name: metadata.name, ...bounds, ...args }) },
        { parent },
    );
}

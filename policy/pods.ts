import type { types } from "@pulumi/kubernetes";
import type { Unwrap } from "@pulumi/pulumi";
import { GPU_RESOURCE } from "../gke/gpu-nodes";
import { resourcePolicy, type Finding, type Resource, type RuleText } from "./rule";

export type Pod = Unwrap<types.input.core.v1.PodSpec>;
export type Container = Unwrap<types.input.core.v1.Container>;
export type Toleration = Unwrap<types.input.core.v1.Toleration>;

/** A container, and the pod that it inherits security settings from. */
export interface ContainerInPod {
    readonly container: Container;
    readonly pod: Pod;
}

/** Path of the pod template in each kind that creates pods. */
const POD_PATHS: Readonly<Record<string, readonly string[]>> = {
    "kubernetes:core/v1:Pod": ["spec"],
    "kubernetes:core/v1:PodTemplate": ["template", "spec"],
    "kubernetes:core/v1:ReplicationController": ["spec", "template", "spec"],
    "kubernetes:apps/v1:DaemonSet": ["spec", "template", "spec"],
    "kubernetes:apps/v1:Deployment": ["spec", "template", "spec"],
    "kubernetes:apps/v1:ReplicaSet": ["spec", "template", "spec"],
    "kubernetes:apps/v1:StatefulSet": ["spec", "template", "spec"],
    "kubernetes:batch/v1:Job": ["spec", "template", "spec"],
    "kubernetes:batch/v1:CronJob": ["spec", "jobTemplate", "spec", "template", "spec"],
};

/** The spec of a pod, or of the pods that a resource creates. */
export function podOf(resource: Pick<Resource, "type" | "props">): Pod | undefined {
    const path = POD_PATHS[resource.type];
    const at = (value: unknown, key: string): unknown => (value as Record<string, unknown> | undefined)?.[key];
    return path?.reduce<unknown>(at, resource.props) as Pod | undefined;
}

/** Every container of a pod; the same rules apply to init containers. */
export function containersOf(pod: Pod): ContainerInPod[] {
    return [...(pod.initContainers ?? []), ...pod.containers].map((container) => ({ container, pod }));
}

/** GPUs that a container requests, as written. */
export function gpusOf({ resources }: Container): string | undefined {
    return resources?.limits?.[GPU_RESOURCE] ?? resources?.requests?.[GPU_RESOURCE];
}

/** A rule about pods, including those that other kinds create. */
export function podRule(rule: RuleText & { readonly check: (pod: Pod) => Finding }) {
    return resourcePolicy<Pod>({ ...rule, subjects: pods });
}

/** A rule about each container of each pod. */
export function containerRule(rule: RuleText & { readonly check: (subject: ContainerInPod) => Finding }) {
    return resourcePolicy<ContainerInPod>({
        ...rule,
        subjects: (resource) => pods(resource).flatMap(containersOf),
        check: (subject) => {
            const finding = rule.check(subject);
            return finding === undefined ? undefined : `Container ${subject.container.name} ${finding}`;
        },
    });
}

function pods(resource: Resource): Pod[] {
    return [podOf(resource)].filter((pod) => pod !== undefined);
}

import { condition, type ContainerStatus, type Event, type KubeObject, type Pod } from "../../../kube/objects";
import type { Witness } from "./readiness";

/** The reason why a pod is not ready. */
export interface PodTrouble {
    /** Begins with the pod's name. */
    readonly message: string;
    /** Whether waiting cannot help, because the image does not exist or access to it is denied. */
    readonly permanent: boolean;
    readonly witness?: Witness;
}

/**
 * Waiting reasons that require a change of the pod specification (kubelet, pkg/kubelet/images/types.go and
 * pkg/kubelet/container/sync_result.go).
 */
const PERMANENT_REASONS = new Set(["InvalidImageName", "ErrImageNeverPull", "CreateContainerConfigError"]);
const PULL_REASONS = new Set(["ErrImagePull", "ImagePullBackOff"]);
/**
 * Registry errors, as reported by containerd, for an image that does not exist or is forbidden. A slow or unavailable registry causes none
 * of these.
 */
const PERMANENT_PULL =
    /not found|manifest unknown|name unknown|unauthorized|denied|no match for platform|does not match the specified platform/i;

/** Whether the pod is ready or has succeeded. */
export function isPodReady(pod: Pod): boolean {
    return pod.status?.phase === "Succeeded" || condition(pod.status?.conditions, "Ready")?.status === "True";
}

/** Returns why a pod is not ready; undefined if it is ready. */
export function podTrouble(pod: Pod, events: readonly KubeObject[]): PodTrouble | undefined {
    if (isPodReady(pod)) {
        return undefined;
    }
    const name = `pod ${pod.metadata.name}`;
    const unscheduled = condition(pod.status?.conditions, "PodScheduled");
    if (unscheduled?.status === "False") {
        return { message: `${name}: ${unscheduled.reason ?? "Unschedulable"}: ${unscheduled.message ?? ""}`, permanent: false };
    }
    for (const container of [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]) {
        const trouble = containerTrouble(pod, container, events);
        if (trouble !== undefined) {
            return { ...trouble, message: `${name}: ${trouble.message}` };
        }
    }
    if (pod.status?.reason !== undefined) {
        return { message: `${name}: ${[pod.status.reason, pod.status.message].filter(Boolean).join(": ")}`, permanent: false };
    }
    return {
        message: `${name}: ${lastEvent(pod, events) ?? (pod.status?.phase === "Running" ? "running, not ready" : "waits for a node")}`,
        permanent: false,
    };
}

/** Returns the first problem among pods, permanent ones first. */
export function worstTrouble(pods: readonly Pod[], events: readonly KubeObject[]): PodTrouble | undefined {
    const troubles = pods.map((pod) => podTrouble(pod, events)).filter((trouble) => trouble !== undefined);
    return troubles.find((trouble) => trouble.permanent) ?? troubles.find((trouble) => trouble.witness !== undefined) ?? troubles[0];
}

function containerTrouble(pod: Pod, container: ContainerStatus, events: readonly KubeObject[]): PodTrouble | undefined {
    const { waiting, terminated, running } = container.state ?? {};
    const label = `container ${container.name}`;
    const ended = terminated ?? container.lastState?.terminated;
    const witness = { pod: pod.metadata.name, container: container.name };
    if (waiting !== undefined) {
        const reason = waiting.reason ?? "waiting";
        if (PULL_REASONS.has(reason) || PERMANENT_REASONS.has(reason)) {
            const text = `${waiting.message ?? ""} ${lastEvent(pod, events, "Failed") ?? ""}`;
            const permanent = PERMANENT_REASONS.has(reason) || PERMANENT_PULL.test(text);
            return { message: `${label}: ${reason}: ${waiting.message ?? lastEvent(pod, events, "Failed") ?? ""}`, permanent };
        }
        if (ended !== undefined) {
            return { message: `${label}: ${reason}, ${describeExit(ended)}`, permanent: false, witness: { ...witness, previous: true } };
        }
        if (reason === "ContainerCreating" || reason === "PodInitializing") {
            // Before the container starts, the last event is more specific: an image pull, or a missing volume.
            const event = lastEvent(pod, events);
            return event === undefined ? undefined : { message: event, permanent: false };
        }
        return { message: `${label}: ${[reason, waiting.message].filter(Boolean).join(": ")}`, permanent: false };
    }
    if (terminated !== undefined && terminated.exitCode !== 0) {
        return { message: `${label}: ${describeExit(terminated)}`, permanent: false, witness: { ...witness, previous: false } };
    }
    if (running !== undefined && container.ready === false) {
        const probe = lastEvent(pod, events, "Unhealthy");
        const restarts = ended === undefined ? "" : `, restarted ${container.restartCount ?? 1} times, last time it ${describeExit(ended)}`;
        return {
            message: `${label}: running, not ready${restarts}${probe === undefined ? "" : `: ${probe}`}`,
            permanent: false,
            witness: { ...witness, previous: ended !== undefined },
        };
    }
    return undefined;
}

/** For example `exited with 137 (OOMKilled)`. */
export function describeExit(terminated: { readonly exitCode: number; readonly reason?: string }): string {
    const reason =
        terminated.reason === undefined || terminated.reason === "Error" || terminated.reason === "Completed"
            ? ""
            : ` (${terminated.reason})`;
    return `exited with ${terminated.exitCode}${reason}`;
}

/** Returns the latest event of an object, optionally with a given reason. */
export function lastEvent(about: KubeObject, events: readonly KubeObject[], reason?: string): string | undefined {
    const own = (events as readonly Event[]).filter(
        (event) => event.involvedObject?.uid === about.metadata.uid && (reason === undefined || event.reason === reason),
    );
    const newest = own.reduce<Event | undefined>(
        (latest, event) => (latest === undefined || time(event) >= time(latest) ? event : latest),
        undefined,
    );
    return newest === undefined ? undefined : (newest.message ?? newest.reason);
}

function time(event: Event): string {
    return event.lastTimestamp ?? event.eventTime ?? event.metadata.creationTimestamp ?? "";
}

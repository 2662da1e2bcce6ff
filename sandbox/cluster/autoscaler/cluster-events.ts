import type { Pod } from "../../kube/objects";
import type { KubeApi } from "../../kube/api";

/** A pod event from a simulated GKE component. */
export interface PodEvent {
    readonly pod: Pod;
    readonly type: "Normal" | "Warning";
    readonly reason: string;
    readonly message: string;
    /** Such as `cluster-autoscaler`. */
    readonly component: string;
}

/** Writes an event. Ignores failures, for example in a namespace that is being deleted, as Kubernetes components do. */
export async function writeEvent(api: KubeApi, { pod, type, reason, message, component }: PodEvent): Promise<void> {
    const { name, namespace = "", uid = "" } = pod.metadata;
    const now = new Date().toISOString();
    await api
        .create(`/api/v1/namespaces/${namespace}/events`, {
            apiVersion: "v1",
            kind: "Event",
            metadata: { generateName: `${name}.`, namespace },
            involvedObject: { apiVersion: "v1", kind: "Pod", name, namespace, uid },
            type,
            reason,
            message,
            source: { component },
            firstTimestamp: now,
            lastTimestamp: now,
            count: 1,
        })
        .catch(() => undefined);
}

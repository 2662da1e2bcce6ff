import type { Pod, Condition } from "../../kube/objects";
import { setTimeout as delay } from "node:timers/promises";
import type { KubeApi } from "../../kube/api";
import { ApiError, isNotFound } from "../../kube/errors";
import { keepsNode } from "./scale-down";

const POLL_MS = 300;

/** Pods that are bound to a node. */
async function podsOn(api: KubeApi, node: string): Promise<readonly Pod[]> {
    return (await api.get<{ items: Pod[] }>(`/api/v1/pods?fieldSelector=spec.nodeName%3D${node}`)).items;
}

/** Takes a node out of scheduling, or gives it back. */
async function setSchedulable(api: KubeApi, node: string, schedulable: boolean): Promise<void> {
    await api.patch(`/api/v1/nodes/${node}`, "merge-patch", { spec: { unschedulable: schedulable ? null : true } });
}

/** Cordons a node if it has nothing to do, and says whether it did. The scheduler may have placed a pod there a moment ago: the node is given back then. */
export async function cordonIdle(api: KubeApi, node: string): Promise<boolean> {
    await setSchedulable(api, node, false);
    const idle = !(await podsOn(api, node)).some(keepsNode);
    if (!idle) {
        await setSchedulable(api, node, true);
    }
    return idle;
}

/**
 * Cordons a node, evicts its pods as disruption budgets allow, and waits until they have ended.
 * @param withinMs after that long, what is left stays
 */
export async function drain(api: KubeApi, node: string, withinMs: number): Promise<void> {
    await setSchedulable(api, node, false);
    const deadline = Date.now() + withinMs;
    while (Date.now() < deadline) {
        const left = (await podsOn(api, node)).filter(keepsNode);
        if (left.length === 0) {
            return;
        }
        for (const pod of left.filter(({ metadata }) => metadata.deletionTimestamp === undefined)) {
            await evict(api, pod);
        }
        await delay(POLL_MS);
    }
}

/** One that a budget keeps is asked for again on the next round. */
async function evict(api: KubeApi, pod: Pod): Promise<void> {
    const { name, namespace } = pod.metadata;
    await api
        .create(`${pathOf(pod)}/eviction`, { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace } })
        .catch((error: unknown) => {
            if (!(error instanceof ApiError && (error.code === 429 || error.code === 404))) {
                throw error;
            }
        });
}

/**
 * Waits until the pods of a node that is being taken away have ended.
 * @param withinMs after that long, what is left stays
 */
export async function awaitPods(api: KubeApi, node: string, withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    while ((await podsOn(api, node)).some(keepsNode) && Date.now() < deadline) {
        await delay(POLL_MS);
    }
}

/** Marks what is left on a node that is gone as failed by a disruption, and deletes it, as the garbage collector of pods does. */
export async function deletePods(api: KubeApi, node: string): Promise<void> {
    for (const pod of (await podsOn(api, node)).filter(keepsNode)) {
        await deleteAsDisrupted(api, pod);
    }
}

/**
 * Puts the pods of a node right whose containers are gone, before the node starts again: a kubelet starts containers again in pods that may restart,
 * and nothing must be sent to these before it has; in others it can only report that they are lost, which would count against their Job.
 */
export async function losePods(api: KubeApi, node: string): Promise<void> {
    const pods = (await podsOn(api, node)).filter(keepsNode);
    await Promise.all(pods.map((pod) => (hasRunOnce(pod) ? deleteAsDisrupted(api, pod) : markNotReady(api, pod))));
}

/** Whether a pod has been started, and says that it must not be started again. */
function hasRunOnce({ spec, status }: Pod): boolean {
    return spec.restartPolicy === "Never" && status?.phase === "Running";
}

async function markNotReady(api: KubeApi, pod: Pod): Promise<void> {
    const conditions = (pod.status?.conditions ?? []).map((condition) =>
        condition.type === "Ready" ? { ...condition, status: "False" } : condition,
    );
    await api.patch(`${pathOf(pod)}/status`, "merge-patch", { status: { conditions } }).catch(ignoreMissing);
}

async function deleteAsDisrupted(api: KubeApi, pod: Pod): Promise<void> {
    await api
        .patch(`${pathOf(pod)}/status`, "merge-patch", { status: { phase: "Failed", conditions: disrupted(pod) } })
        .catch(ignoreMissing);
    await api.delete(pathOf(pod), { apiVersion: "v1", kind: "DeleteOptions", gracePeriodSeconds: 0 });
}

function disrupted(pod: Pod): readonly Condition[] {
    const conditions = pod.status?.conditions ?? [];
    if (conditions.some(({ type }) => type === "DisruptionTarget")) {
        return conditions;
    }
    const condition: Condition = {
        type: "DisruptionTarget",
        status: "True",
        reason: "DeletionByPodGC",
        message: "PodGC: node no longer exists",
        lastTransitionTime: new Date().toISOString(),
    };
    return [...conditions, condition];
}

function pathOf(pod: Pod): string {
    return `/api/v1/namespaces/${pod.metadata.namespace ?? ""}/pods/${pod.metadata.name}`;
}

function ignoreMissing(error: unknown): void {
    if (!isNotFound(error)) {
        throw error;
    }
}

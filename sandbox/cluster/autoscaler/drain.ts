import type { Pod, Condition } from "../../kube/objects";
import { setTimeout as delay } from "node:timers/promises";
import type { KubeApi } from "../../kube/api";
import { ApiError, isNotFound } from "../../kube/errors";
import { keepsNode } from "./scale-down";

const POLL_MS = 300;

/** Returns the pods that are bound to a node. */
async function podsOn(api: KubeApi, node: string): Promise<readonly Pod[]> {
    return (await api.get<{ items: Pod[] }>(`/api/v1/pods?fieldSelector=spec.nodeName%3D${node}`)).items;
}

/** Cordons or uncordons a node. */
async function setSchedulable(api: KubeApi, node: string, schedulable: boolean): Promise<void> {
    await api.patch(`/api/v1/nodes/${node}`, "merge-patch", { spec: { unschedulable: schedulable ? null : true } });
}

/**
 * Cordons a node if it is idle. If the scheduler just bound a pod to it, the node is uncordoned again.
 * @returns whether the node is cordoned
 */
export async function cordonIdle(api: KubeApi, node: string): Promise<boolean> {
    await setSchedulable(api, node, false);
    const idle = !(await podsOn(api, node)).some(keepsNode);
    if (!idle) {
        await setSchedulable(api, node, true);
    }
    return idle;
}

/**
 * Cordons a node, evicts its pods within their disruption budgets, and waits until they have ended.
 * @param withinMs time limit in milliseconds; pods that remain are not deleted
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

/** Evicts a pod. If a disruption budget forbids the eviction, the next round tries again. */
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
 * Waits until the pods of a preempted node have ended.
 * @param withinMs time limit in milliseconds; pods that remain are not deleted
 */
export async function awaitPods(api: KubeApi, node: string, withinMs: number): Promise<void> {
    const deadline = Date.now() + withinMs;
    while ((await podsOn(api, node)).some(keepsNode) && Date.now() < deadline) {
        await delay(POLL_MS);
    }
}

/** Marks the remaining pods of a removed node as failed because of a disruption, and deletes them, as the pod garbage collector does. */
export async function deletePods(api: KubeApi, node: string): Promise<void> {
    for (const pod of (await podsOn(api, node)).filter(keepsNode)) {
        await deleteAsDisrupted(api, pod);
    }
}

/**
 * Updates a node's pods before the node restarts without their containers. Pods that may restart become not ready, so they receive no
 * traffic until the kubelet has restarted them. All others are deleted as disrupted; otherwise the kubelet would report them as lost, which
 * counts as a failure of their Job.
 */
export async function losePods(api: KubeApi, node: string): Promise<void> {
    const pods = (await podsOn(api, node)).filter(keepsNode);
    await Promise.all(pods.map((pod) => (hasRunOnce(pod) ? deleteAsDisrupted(api, pod) : markNotReady(api, pod))));
}

/** Whether a pod has started and must not start again. */
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

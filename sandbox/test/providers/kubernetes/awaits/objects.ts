import type { AnyObject } from "../../../../kube/objects";

/** A pod in the state that its containers are in, owned by the object with this uid. */
export function pod(owner: string, state: object, more: { readonly status?: object; readonly container?: object } = {}): AnyObject {
    return {
        metadata: { name: "p", uid: "pod", labels: { app: "web" }, ownerReferences: [{ uid: owner }] },
        status: { phase: "Pending", containerStatuses: [{ name: "c", state, ...more.container }], ...more.status },
    };
}

/** A pod that serves. */
export function readyPod(owner: string): AnyObject {
    return pod(owner, { running: {} }, { status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] } });
}

/** An event about the object with this uid. */
export function event(uid: string, reason: string, message: string, lastTimestamp = "2026-01-01T00:00:00Z"): AnyObject {
    return { metadata: { name: reason }, involvedObject: { uid }, reason, message, lastTimestamp };
}

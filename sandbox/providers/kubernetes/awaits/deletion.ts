import type { Cluster, ObjectReference } from "../client/cluster";
import { condition, type Condition, type AnyObject } from "../../../kube/objects";
import type { WaitOptions } from "./wait";

/** Describes what the deletion of an object is waiting for. */
export function deletionProgress(object: AnyObject): string {
    const conditions = (object.status as { readonly conditions?: readonly Condition[] } | undefined)?.conditions;
    const remaining = ["NamespaceContentRemaining", "NamespaceFinalizersRemaining"]
        .map((type) => condition(conditions, type))
        .filter((found) => found?.status === "True")
        .map((found) => found?.message ?? "");
    if (remaining.length > 0) {
        return `waiting for deletion: ${remaining.join("; ")}`;
    }
    const finalizers = object.metadata.finalizers ?? [];
    if (finalizers.includes("foregroundDeletion")) {
        return "waiting for deletion: its dependents are deleted first";
    }
    return finalizers.length === 0 ? "waiting for deletion" : `waiting for deletion: held by the finalizers ${finalizers.join(", ")}`;
}

/**
 * Waits until the object with this UID is deleted.
 * @throws Error that says what blocks the deletion if the time limit is exceeded or the update is cancelled
 */
export async function waitUntilGone(
    cluster: Cluster,
    reference: ObjectReference,
    uid: string | undefined,
    options: WaitOptions,
): Promise<void> {
    const path = await cluster.collection(reference);
    await new Promise<void>((resolve, reject) => {
        let last = "waiting for deletion";
        const look = () => {
            try {
                const objects = subscription.snapshot();
                if (objects === undefined) {
                    return;
                }
                const object = objects.find((candidate) =>
                    uid === undefined ? candidate.metadata.name === reference.name : candidate.metadata.uid === uid,
                );
                if (object === undefined) {
                    if (last !== "waiting for deletion") {
                        options.report("gone");
                    }
                    finish();
                    return;
                }
                const progress = deletionProgress(object);
                if (progress !== last) {
                    options.report((last = progress));
                }
            } catch (error) {
                finish(error instanceof Error ? error : new Error(String(error)));
            }
        };
        const finish = (error?: Error) => {
            clearTimeout(deadline);
            options.cancelled.removeEventListener("abort", cancel);
            subscription.unsubscribe();
            if (error === undefined) {
                resolve();
            } else {
                reject(error);
            }
        };
        const cancel = () => {
            finish(new Error(`cancelled: ${last}`));
        };
        const deadline = setTimeout(() => {
            finish(new Error(`not deleted after ${options.timeoutSeconds} s: ${last}`));
        }, options.timeoutSeconds * 1000);
        const subscription = cluster.subscribe(path, look);
        options.cancelled.addEventListener("abort", cancel, { once: true });
        if (options.cancelled.aborted) {
            cancel();
        } else {
            look();
        }
    });
}

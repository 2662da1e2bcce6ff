import type { Cluster, ObjectReference } from "../client/cluster";
import { condition, type Condition, type AnyObject } from "../../../kube/objects";
import { Changes, type WaitOptions, whyEnded } from "./changes";

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
    const changes = new Changes(cluster);
    const collection = changes.follow(await cluster.collection(reference));
    let last = "waiting for deletion";
    const look = (): true | undefined => {
        const objects = collection.snapshot();
        const object = objects?.find(({ metadata }) => (uid === undefined ? metadata.name === reference.name : metadata.uid === uid));
        if (objects !== undefined && object === undefined) {
            if (last !== "waiting for deletion") {
                options.report("gone");
            }
            return true;
        }
        const progress = object === undefined ? last : deletionProgress(object);
        if (progress !== last) {
            options.report((last = progress));
        }
        return undefined;
    };
    try {
        if ((await changes.until(look, options, 0)) === undefined) {
            throw new Error(`${whyEnded("not deleted", options)}: ${last}`);
        }
    } finally {
        changes.close();
    }
}

import type { Cluster, ObjectReference, Subscription } from "../client/cluster";
import type { KubeClient } from "../../../kube/client";
import type { AnyObject } from "../../../kube/objects";
import { Changes, type WaitOptions, whyEnded } from "./changes";
import { relatedPath, waiting, type Readiness, type RelatedKind, type Verdict, type Witness } from "./readiness";

/** Thrown when the object exists but did not become ready. */
export class NotReadyError extends Error {
    override readonly name = "NotReadyError";

    constructor(
        readonly reasons: readonly string[],
        /** Last known state of the object; undefined if it was deleted. */
        readonly object: AnyObject | undefined,
    ) {
        super(reasons.join("\n"));
    }
}

// Changes come in bursts (a Deployment, its ReplicaSet, its pods, their events), so one check handles a burst.
const SETTLE_MS = 100;
const LOG_LINES = 10;
const LOG_WITHIN_MS = 10_000;

/** Waits until an applied object is ready. @throws NotReadyError if it fails, the timeout is exceeded or the update is cancelled */
export async function waitUntilReady(
    cluster: Cluster,
    applied: AnyObject,
    reference: ObjectReference,
    readiness: Readiness,
    options: WaitOptions,
): Promise<AnyObject> {
    const changes = new Changes(cluster);
    const watched = new Watched(changes, await cluster.collection(reference), applied, readiness);
    let last: End = { verdict: waiting("waiting for the API server"), object: applied };
    let reported = "";
    const look = (): End | undefined => {
        last = watched.look() ?? last;
        const { verdict } = last;
        if (verdict.state === "ready" && reported !== "") {
            options.report("ready");
        }
        if (verdict.state !== "waiting") {
            return last;
        }
        if (verdict.message !== reported) {
            options.report((reported = verdict.message));
        }
        return undefined;
    };
    try {
        const end = await changes.until(look, options, SETTLE_MS);
        const { verdict, object } = end ?? last;
        if (verdict.state === "ready") {
            return object ?? applied;
        }
        const reasons = [end === undefined ? `${whyEnded("not ready", options)}: ${verdict.message}` : verdict.message];
        if (verdict.witness !== undefined) {
            reasons.push(...(await lastWords(cluster.client, applied.metadata.namespace ?? "default", verdict.witness)));
        }
        throw new NotReadyError(reasons, object);
    } finally {
        changes.close();
    }
}

/** Returns the current state of an object. */
export async function verdictNow(cluster: Cluster, object: AnyObject, readiness: Readiness): Promise<Verdict> {
    const namespace = object.metadata.namespace ?? "default";
    const lists = await Promise.all(
        readiness.related.map(async (kind) => [kind, await cluster.list(relatedPath(kind, namespace))] as const),
    );
    return readiness.verdict(object, Object.fromEntries(lists));
}

interface End {
    readonly verdict: Verdict;
    readonly object: AnyObject | undefined;
}

/** An object and its related objects, kept current. */
class Watched {
    private readonly own: Subscription;
    private readonly related: readonly (readonly [RelatedKind, Subscription])[];
    private seen = false;

    constructor(
        changes: Changes,
        path: string,
        private readonly applied: AnyObject,
        private readonly readiness: Readiness,
    ) {
        this.own = changes.follow(path);
        const namespace = applied.metadata.namespace ?? "default";
        this.related = readiness.related.map((kind) => [kind, changes.follow(relatedPath(kind, namespace))]);
    }

    /** Returns undefined if there is no new state to evaluate. */
    look(): End | undefined {
        const objects = this.own.snapshot();
        const object = objects?.find((candidate) => candidate.metadata.uid === this.applied.metadata.uid);
        const related = this.related.map(([kind, subscription]) => [kind, snapshotOrNone(subscription)] as const);
        if (objects === undefined || related.some(([, listed]) => listed === undefined)) {
            return undefined;
        }
        if (object === undefined) {
            // The shared watch may be older than this object, or slightly behind.
            return this.seen ? { verdict: { state: "failed", message: "it was deleted during the wait" }, object: undefined } : undefined;
        }
        this.seen = true;
        if ((object.metadata.generation ?? 0) < (this.applied.metadata.generation ?? 0)) {
            return undefined;
        }
        return { verdict: this.readiness.verdict(object, Object.fromEntries(related)), object };
    }
}

/** Related objects are only used for explanations. Without read access to them, there is no explanation. */
function snapshotOrNone(subscription: Subscription): readonly AnyObject[] | undefined {
    try {
        return subscription.snapshot();
    } catch {
        return [];
    }
}

/** Returns the end of a container's log as one reason; an empty list if the log is not available. */
async function lastWords(client: KubeClient, namespace: string, witness: Witness): Promise<string[]> {
    try {
        const log = await client.text({
            method: "GET",
            path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(witness.pod)}/log`,
            query: { container: witness.container, tailLines: String(LOG_LINES), previous: String(witness.previous) },
            signal: AbortSignal.timeout(LOG_WITHIN_MS),
        });
        const end = log.trimEnd();
        return end === ""
            ? []
            : [`the log of pod ${witness.pod}, container ${witness.container}, ends with:\n${end.replace(/^/gm, "    ")}`];
    } catch {
        // The node or the container may be gone, so the reason is shown without the log.
        return [];
    }
}

import type { Cluster, ObjectReference, Subscription } from "../client/cluster";
import type { KubeClient } from "../../../kube/client";
import type { AnyObject } from "../../../kube/objects";
import { relatedPath, waiting, type Readiness, type Related, type RelatedKind, type Verdict, type Witness } from "./readiness";

/** Options for waiting. */
export interface WaitOptions {
    readonly timeoutSeconds: number;
    readonly cancelled: AbortSignal;
    /** Called with a line for each change of state. */
    readonly report: (message: string) => void;
}

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
    const watched = new Watched(await cluster.collection(reference), applied, readiness.related, cluster);
    try {
        const end = await watched.until(readiness, options);
        if (end.verdict.state === "ready") {
            return end.object ?? applied;
        }
        const reasons = [end.verdict.message];
        if (end.verdict.witness !== undefined) {
            reasons.push(...(await lastWords(cluster.client, applied.metadata.namespace ?? "default", end.verdict.witness)));
        }
        throw new NotReadyError(reasons, end.object);
    } finally {
        watched.close();
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
    private onChange: () => void = () => undefined;
    private seen = false;

    constructor(
        path: string,
        private readonly applied: AnyObject,
        related: readonly RelatedKind[],
        cluster: Cluster,
    ) {
        const changed = () => {
            this.onChange();
        };
        this.own = cluster.subscribe(path, changed);
        const namespace = applied.metadata.namespace ?? "default";
        this.related = related.map((kind) => [kind, cluster.subscribe(relatedPath(kind, namespace), changed)]);
    }

    close(): void {
        this.own.unsubscribe();
        for (const [, subscription] of this.related) {
            subscription.unsubscribe();
        }
    }

    until(readiness: Readiness, options: WaitOptions): Promise<End> {
        return new Promise((resolve, reject) => {
            let last: End = { verdict: waiting("waiting for the API server"), object: this.applied };
            let reported = "";
            let settling: NodeJS.Timeout | undefined;
            const finish = (end: End) => {
                clearTimeout(deadline);
                clearTimeout(settling);
                options.cancelled.removeEventListener("abort", cancel);
                this.onChange = () => undefined;
                resolve(end);
            };
            const giveUp = (why: string) => {
                const { verdict } = last;
                const message = verdict.state === "waiting" ? `${why}: ${verdict.message}` : why;
                finish({
                    verdict: { state: "failed", message, witness: verdict.state === "ready" ? undefined : verdict.witness },
                    object: last.object,
                });
            };
            const cancel = () => {
                giveUp("cancelled");
            };
            const look = () => {
                settling = undefined;
                try {
                    last = this.look(readiness) ?? last;
                } catch (error) {
                    clearTimeout(deadline);
                    reject(error instanceof Error ? error : new Error(String(error)));
                    return;
                }
                if (last.verdict.state === "ready" && reported !== "") {
                    options.report("ready");
                }
                if (last.verdict.state !== "waiting") {
                    finish(last);
                } else if (last.verdict.message !== reported) {
                    options.report((reported = last.verdict.message));
                }
            };
            const deadline = setTimeout(() => {
                giveUp(`not ready after ${options.timeoutSeconds} s`);
            }, options.timeoutSeconds * 1000);
            this.onChange = () => {
                settling ??= setTimeout(look, SETTLE_MS);
            };
            options.cancelled.addEventListener("abort", cancel, { once: true });
            if (options.cancelled.aborted) {
                cancel();
            } else {
                this.onChange();
            }
        });
    }

    /** Returns undefined if there is no new state to evaluate. */
    private look(readiness: Readiness): End | undefined {
        const objects = this.own.snapshot();
        const object = objects?.find((candidate) => candidate.metadata.uid === this.applied.metadata.uid);
        const related = this.relatedNow();
        if (objects === undefined || related === undefined) {
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
        return { verdict: readiness.verdict(object, related), object };
    }

    private relatedNow(): Related | undefined {
        const related: Partial<Record<RelatedKind, readonly AnyObject[]>> = {};
        for (const [kind, subscription] of this.related) {
            const objects = snapshotOrNone(subscription);
            if (objects === undefined) {
                return undefined;
            }
            related[kind] = objects;
        }
        return related;
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

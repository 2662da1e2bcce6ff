import { EventEmitter, once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import type { Cluster, Subscription } from "../client/cluster";

/** Options for waiting. */
export interface WaitOptions {
    readonly timeoutSeconds: number;
    readonly cancelled: AbortSignal;
    /** Called with a line for each change of state. */
    readonly report: (message: string) => void;
}

/** Collections of a cluster, and the changes in them. */
export class Changes {
    private readonly emitter = new EventEmitter();
    private readonly subscriptions: Subscription[] = [];

    constructor(private readonly cluster: Cluster) {}

    /** Follows a collection until `close`. @param path path of the collection */
    follow(path: string): Subscription {
        const subscription = this.cluster.subscribe(path, () => this.emitter.emit("change"));
        this.subscriptions.push(subscription);
        return subscription;
    }

    close(): void {
        for (const subscription of this.subscriptions) {
            subscription.unsubscribe();
        }
    }

    /**
     * Calls `look` once, and after changes, until it returns a value.
     * @param settleMs how long a burst of changes lasts, in milliseconds: one look handles a burst
     * @returns the value; undefined if the time limit is exceeded or the update is cancelled
     */
    async until<T>(look: () => T | undefined, { timeoutSeconds, cancelled }: WaitOptions, settleMs: number): Promise<T | undefined> {
        const signal = AbortSignal.any([cancelled, AbortSignal.timeout(timeoutSeconds * 1000)]);
        try {
            for (;;) {
                await delay(settleMs, undefined, { signal });
                const found = look();
                if (found !== undefined) {
                    return found;
                }
                await once(this.emitter, "change", { signal });
            }
        } catch (error) {
            if (signal.aborted) {
                return undefined;
            }
            throw error;
        }
    }
}

/** Says why a wait ended without a result. @param missing what did not happen, such as `not ready` */
export function whyEnded(missing: string, { timeoutSeconds, cancelled }: WaitOptions): string {
    return cancelled.aborted ? "cancelled" : `${missing} after ${timeoutSeconds} s`;
}

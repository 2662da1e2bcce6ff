import { setTimeout as sleep } from "node:timers/promises";
import type { KubeClient } from "./client";
import { ApiError } from "./errors";
import type { KubeList, KubeObject } from "./objects";

interface WatchEvent {
    readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
    readonly object: KubeObject;
}

const pauseAfterFailure = 1000;

/** The live objects under one collection path, kept current by a watch; all awaits in a namespace share it. */
class Collection {
    private readonly objects = new Map<string, KubeObject>();
    private readonly listeners = new Set<() => void>();
    private readonly stopping = new AbortController();
    private failure: Error | undefined;
    private listed = false;

    constructor(
        private readonly client: KubeClient,
        private readonly path: string,
    ) {
        void this.follow();
    }

    /** The objects, or undefined before the first answer. @throws what the API server refused the list with */
    snapshot(): readonly KubeObject[] | undefined {
        if (this.failure !== undefined) {
            throw this.failure;
        }
        return this.listed ? [...this.objects.values()] : undefined;
    }

    listen(listener: () => void): void {
        this.listeners.add(listener);
    }

    /** @returns whether anybody still listens */
    unlisten(listener: () => void): boolean {
        this.listeners.delete(listener);
        return this.listeners.size > 0;
    }

    stop(): void {
        this.stopping.abort();
    }

    private async follow(): Promise<void> {
        const { signal } = this.stopping;
        for (;;) {
            try {
                await this.watchFrom(await this.list(signal), signal);
            } catch (error) {
                if (signal.aborted) {
                    return;
                }
                // 410: the version is too old, so list again. Refusals other than that will not change by asking again.
                if (error instanceof ApiError && error.code !== 410 && error.code < 500) {
                    this.failure = error;
                    this.notify();
                    return;
                }
                await sleep(pauseAfterFailure, undefined, { signal }).catch(() => undefined);
            }
        }
    }

    private async list(signal: AbortSignal): Promise<string> {
        const { body } = await this.client.send<KubeList>({ method: "GET", path: this.path, signal });
        this.objects.clear();
        for (const item of body.items) {
            this.objects.set(key(item), item);
        }
        this.listed = true;
        this.notify();
        return body.metadata.resourceVersion ?? "";
    }

    private async watchFrom(resourceVersion: string, signal: AbortSignal): Promise<void> {
        const query = { watch: "true", allowWatchBookmarks: "true", resourceVersion };
        for await (const event of this.client.lines<WatchEvent>({ method: "GET", path: this.path, query, signal })) {
            if (event.type === "ERROR") {
                throw new ApiError(410, {});
            }
            if (event.type === "BOOKMARK") {
                continue;
            }
            if (event.type === "DELETED") {
                this.objects.delete(key(event.object));
            } else {
                this.objects.set(key(event.object), event.object);
            }
            this.notify();
        }
    }

    private notify(): void {
        for (const listener of this.listeners) {
            listener();
        }
    }
}

function key(object: KubeObject): string {
    return object.metadata.uid ?? object.metadata.name;
}

/** Opens and closes the watches that awaits share: one a collection, however many objects in it are waited for. */
export class Collections {
    private readonly open = new Map<string, Collection>();

    constructor(private readonly client: KubeClient) {}

    /** Calls `listener` at every change under `path` until `unsubscribe`. */
    subscribe(path: string, listener: () => void): Subscription {
        let collection = this.open.get(path);
        if (collection === undefined) {
            collection = new Collection(this.client, path);
            this.open.set(path, collection);
        }
        const subscribed = collection;
        subscribed.listen(listener);
        return {
            snapshot: () => subscribed.snapshot(),
            unsubscribe: () => {
                if (subscribed.unlisten(listener)) {
                    return;
                }
                subscribed.stop();
                if (this.open.get(path) === subscribed) {
                    this.open.delete(path);
                }
            },
        };
    }
}

/** One await's view of a collection. */
export interface Subscription {
    /** The objects, or undefined before the first answer. @throws what the API server refused the list with */
    snapshot(): readonly KubeObject[] | undefined;
    unsubscribe(): void;
}

import { setTimeout as delay } from "node:timers/promises";
import type { KubeClient } from "./client";
import { ApiError } from "./errors";
import type { KubeList, KubeObject } from "./objects";

interface WatchEvent<T> {
    readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
    readonly object: T & { readonly code?: number; readonly message?: string };
}

const PAUSE_AFTER_ERROR_MS = 500;

/** The objects of a collection, kept current with a list and a watch, as in a Kubernetes informer. */
export class ObjectCache<T extends KubeObject> {
    private objects: Map<string, T> | undefined;
    private refusal: ApiError | undefined;
    private readonly aborter = new AbortController();
    private readonly listeners = new Set<() => void>();
    private started: Promise<void> | undefined;

    /** @param path path of the collection, such as `/api/v1/pods` */
    constructor(
        private readonly client: KubeClient,
        private readonly path: string,
    ) {}

    /** Resolves after the first list. */
    start(): Promise<void> {
        this.started ??= new Promise((resolve) => void this.follow(resolve));
        return this.started;
    }

    stop(): void {
        this.aborter.abort();
    }

    /** Returns the objects; empty before the first list. */
    values(): readonly T[] {
        return [...(this.objects?.values() ?? [])];
    }

    /**
     * Returns the objects; undefined before the first list.
     * @throws ApiError if the API server rejects the list
     */
    snapshot(): readonly T[] | undefined {
        if (this.refusal !== undefined) {
            throw this.refusal;
        }
        return this.objects === undefined ? undefined : this.values();
    }

    /** Calls the listener after each change, each new list and each error. @returns a function that removes the listener */
    onChange(listener: () => void): () => void {
        this.listeners.add(listener);
        return () => this.listeners.delete(listener);
    }

    /** Whether the cache has listeners. */
    get isUsed(): boolean {
        return this.listeners.size > 0;
    }

    private async follow(listed: () => void): Promise<void> {
        const { signal } = this.aborter;
        while (!signal.aborted) {
            try {
                const version = await this.list(signal);
                listed();
                await this.watchFrom(version, signal);
            } catch (error) {
                if (error instanceof ApiError && error.code === 410) {
                    continue; // The resource version is too old to watch: list again.
                }
                if (error instanceof ApiError && error.code < 500) {
                    this.refusal = error;
                    this.changed();
                }
                await delay(PAUSE_AFTER_ERROR_MS, undefined, { signal }).catch(() => undefined);
            }
        }
    }

    private async list(signal: AbortSignal): Promise<string> {
        const { items, metadata } = (await this.client.send<KubeList<T>>({ method: "GET", path: this.path, signal })).body;
        this.objects = new Map(items.map((item) => [key(item), item]));
        this.refusal = undefined;
        this.changed();
        return metadata.resourceVersion ?? "";
    }

    /** Watches for changes. The server ends a watch after some minutes; the next watch continues where it ended. */
    private async watchFrom(first: string, signal: AbortSignal): Promise<void> {
        let resourceVersion = first;
        while (!signal.aborted) {
            const query = { watch: "true", allowWatchBookmarks: "true", resourceVersion };
            for await (const { type, object } of this.client.lines<WatchEvent<T>>({ method: "GET", path: this.path, query, signal })) {
                if (type === "ERROR") {
                    throw new ApiError(object.code ?? 0, { message: object.message ?? "the watch ended" });
                }
                resourceVersion = object.metadata.resourceVersion ?? resourceVersion;
                if (type === "BOOKMARK") {
                    continue;
                }
                if (type === "DELETED") {
                    this.objects?.delete(key(object));
                } else {
                    this.objects?.set(key(object), object);
                }
                this.changed();
            }
        }
    }

    private changed(): void {
        for (const listener of this.listeners) {
            listener();
        }
    }
}

function key({ metadata }: KubeObject): string {
    return `${metadata.namespace ?? ""}/${metadata.name}`;
}

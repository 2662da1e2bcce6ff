import { setTimeout as delay } from "node:timers/promises";
import { ApiError, type KubeApi } from "./api";
import type { KubeObject } from "./objects";

interface List<T> {
    readonly items: T[];
    readonly metadata: { readonly resourceVersion: string };
}

/** The objects of one collection, kept up to date by a list and a watch, as controllers do. */
export class ObjectCache<T extends KubeObject> {
    private objects = new Map<string, T>();
    private readonly aborter = new AbortController();
    private readonly listeners: (() => void)[] = [];
    private started: Promise<void> | undefined;

    /** @param path of the collection, such as `/api/v1/pods` */
    constructor(
        private readonly api: KubeApi,
        private readonly path: string,
    ) {}

    /** Resolves when the first list is there. */
    start(): Promise<void> {
        this.started ??= new Promise((resolve) => void this.follow(resolve));
        return this.started;
    }

    stop(): void {
        this.aborter.abort();
    }

    values(): readonly T[] {
        return [...this.objects.values()];
    }

    /** Calls the listener after every change, and after each new list. */
    onChange(listener: () => void): void {
        this.listeners.push(listener);
    }

    private async follow(listed: () => void): Promise<void> {
        const { signal } = this.aborter;
        while (!signal.aborted) {
            try {
                const { items, metadata } = await this.api.get<List<T>>(this.path);
                this.objects = new Map(items.map((item) => [key(item), item]));
                this.changed();
                listed();
                await this.followFrom(metadata.resourceVersion);
            } catch (error) {
                // Refused connections and expired versions alike: list again. Anything that lasts shows in the API server's own log.
                if (!(error instanceof ApiError && error.status === 410)) {
                    await delay(500, undefined, { signal }).catch(() => undefined);
                }
            }
        }
    }

    private async followFrom(resourceVersion: string): Promise<void> {
        let version = resourceVersion;
        while (!this.aborter.signal.aborted) {
            await this.api.watch<T>(this.path, version, this.aborter.signal, ({ type, object }) => {
                version = object.metadata.resourceVersion ?? version;
                if (type === "BOOKMARK") {
                    return;
                }
                if (type === "DELETED") {
                    this.objects.delete(key(object));
                } else {
                    this.objects.set(key(object), object);
                }
                this.changed();
            });
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

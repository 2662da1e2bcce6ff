import { KubeClient, type Answer } from "../../../kube/client";
import { collectionPath, Discovery, objectPath, type ResourceKind } from "./discovery";
import type { ClusterAccess } from "../../../kube/kubeconfig";
import { ObjectCache } from "../../../kube/object-cache";
import type { AnyObject, KubeList } from "../../../kube/objects";

/** Field manager of Pulumi's changes. The official provider's default has the same prefix. */
export const FIELD_MANAGER = "pulumi-kubernetes";

/** Maximum number of attempts per request. A control plane refuses connections for a moment after it starts. */
const ATTEMPTS = 4;

/** Identity of an object. */
export interface ObjectReference {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    /** @default the kubeconfig's namespace, else `default`. Ignored for cluster-scoped kinds. */
    readonly namespace?: string | undefined;
}

/** Options for a server-side apply. */
export interface ApplyOptions {
    readonly dryRun: boolean;
    /** Whether to take over fields of other managers. */
    readonly force: boolean;
    /** Field manager to record. @default the manager of whole objects */
    readonly manager?: string | undefined;
    readonly signal?: AbortSignal | undefined;
}

/** A subscription of one await to a collection. */
export interface Subscription {
    /** Returns the objects; undefined before the first response. @throws ApiError if the API server rejects the list */
    snapshot(): readonly AnyObject[] | undefined;
    unsubscribe(): void;
}

/** The objects of one cluster. */
export class Cluster {
    readonly client: KubeClient;
    private readonly caches = new Map<string, ObjectCache<AnyObject>>();
    private readonly discovery: Discovery;
    private answered: Promise<unknown> | undefined;

    constructor(readonly access: ClusterAccess) {
        this.client = new KubeClient(access, ATTEMPTS);
        this.discovery = new Discovery(this.client);
    }

    /** Checks once whether the API server responds. @throws UnreachableError */
    ping(): Promise<unknown> {
        this.answered ??= this.client.send({ method: "GET", path: "/version" });
        return this.answered;
    }

    /** @throws UnknownKindError */
    kind(reference: Pick<ObjectReference, "apiVersion" | "kind">): Promise<ResourceKind> {
        return this.discovery.find(reference.apiVersion, reference.kind);
    }

    /** Returns the object; undefined if it does not exist. @throws UnknownKindError */
    async get(reference: ObjectReference, signal?: AbortSignal): Promise<AnyObject | undefined> {
        return this.client.find<AnyObject>(await this.path(reference), signal);
    }

    /**
     * Returns all objects of a collection.
     * @param path path from `collectionPath`
     */
    async list(path: string): Promise<readonly AnyObject[]> {
        return (await this.client.get<KubeList<AnyObject>>(path)).items;
    }

    /** Server-side apply: creates the object, or changes the fields that Pulumi manages. */
    async apply(manifest: AnyObject, options: ApplyOptions): Promise<Answer<AnyObject>> {
        return this.client.send<AnyObject>({
            method: "PATCH",
            path: await this.path(referenceOf(manifest)),
            query: {
                fieldManager: options.manager ?? FIELD_MANAGER,
                force: String(options.force),
                ...(options.dryRun ? { dryRun: "All" } : {}),
            },
            // JSON is valid YAML, and the API server requires this content type for an apply.
            contentType: "application/apply-patch+yaml",
            body: manifest,
            signal: options.signal,
        });
    }

    /** Requests the deletion of an object. @returns whether the object existed */
    async delete(
        reference: ObjectReference,
        propagationPolicy: "Foreground" | "Background" | "Orphan",
        signal?: AbortSignal,
    ): Promise<boolean> {
        return this.client.delete(await this.path(reference), { propagationPolicy }, signal);
    }

    /** Calls `listener` after each change of a collection, until `unsubscribe` is called. All awaits of a collection share one watch. */
    subscribe(path: string, listener: () => void): Subscription {
        const cache = this.caches.get(path) ?? new ObjectCache<AnyObject>(this.client, path);
        this.caches.set(path, cache);
        void cache.start();
        const ignore = cache.onChange(listener);
        return {
            snapshot: () => cache.snapshot(),
            unsubscribe: () => {
                ignore();
                if (!cache.isUsed && this.caches.get(path) === cache) {
                    cache.stop();
                    this.caches.delete(path);
                }
            },
        };
    }

    /** Returns the path of a kind's collection in the namespace. */
    async collection(reference: ObjectReference): Promise<string> {
        return collectionPath(await this.kind(reference), reference.namespace ?? this.access.namespace);
    }

    private async path(reference: ObjectReference): Promise<string> {
        return objectPath(await this.kind(reference), reference.namespace ?? this.access.namespace, reference.name);
    }
}

/** Returns the identity of the object that a manifest describes. */
export function referenceOf(manifest: AnyObject): ObjectReference {
    const { name, namespace } = manifest.metadata;
    return {
        apiVersion: manifest.apiVersion ?? "",
        kind: manifest.kind ?? "",
        name,
        namespace: namespace === "" ? undefined : namespace,
    };
}

import { KubeClient, type Answer } from "../../../kube/client";
import { collectionPath, Discovery, objectPath, type ResourceKind } from "./discovery";
import { isNotFound } from "../../../kube/errors";
import type { ClusterAccess } from "../../../kube/kubeconfig";
import { ObjectCache } from "../../../kube/object-cache";
import type { AnyObject, KubeList } from "../../../kube/objects";

/** The name under which the API server records what Pulumi manages. The official provider's default begins the same way. */
export const FIELD_MANAGER = "pulumi-kubernetes";

/** How often a request is sent: a control plane that has just started refuses connections for a moment. */
const ATTEMPTS = 4;

/** Which object. */
export interface ObjectReference {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    /** Absent: the kubeconfig's namespace, else `default`. Ignored for kinds that have none. */
    readonly namespace?: string | undefined;
}

/** How to apply. */
export interface ApplyOptions {
    readonly dryRun: boolean;
    /** Takes over fields that others manage. */
    readonly force: boolean;
    /** Under which the API server records the fields. @default that of whole objects */
    readonly manager?: string | undefined;
    readonly signal?: AbortSignal | undefined;
}

/** One await's view of a collection. */
export interface Subscription {
    /** The objects; undefined before the first answer. @throws ApiError if the API server refuses the list */
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

    /** Asks once whether the API server answers at all. @throws UnreachableError */
    ping(): Promise<unknown> {
        this.answered ??= this.client.send({ method: "GET", path: "/version" });
        return this.answered;
    }

    /** @throws UnknownKindError */
    kind(reference: Pick<ObjectReference, "apiVersion" | "kind">): Promise<ResourceKind> {
        return this.discovery.find(reference.apiVersion, reference.kind);
    }

    /** The object, or undefined when it does not exist. @throws UnknownKindError */
    async get(reference: ObjectReference, signal?: AbortSignal): Promise<AnyObject | undefined> {
        const path = await this.path(reference);
        try {
            return (await this.client.send<AnyObject>({ method: "GET", path, signal })).body;
        } catch (error) {
            if (isNotFound(error)) {
                return undefined;
            }
            throw error;
        }
    }

    /** All objects under a path that `collectionPath` made. */
    async list(path: string): Promise<readonly AnyObject[]> {
        return (await this.client.send<KubeList<AnyObject>>({ method: "GET", path })).body.items;
    }

    /** Server-side apply: creates the object, or changes the fields that are ours. */
    async apply(manifest: AnyObject, options: ApplyOptions): Promise<Answer<AnyObject>> {
        return this.client.send<AnyObject>({
            method: "PATCH",
            path: await this.path(referenceOf(manifest)),
            query: {
                fieldManager: options.manager ?? FIELD_MANAGER,
                force: String(options.force),
                ...(options.dryRun ? { dryRun: "All" } : {}),
            },
            // JSON is YAML, and the API server wants this type for an apply.
            contentType: "application/apply-patch+yaml",
            body: manifest,
            signal: options.signal,
        });
    }

    /** Asks for the deletion. @returns whether there was something to delete */
    async delete(
        reference: ObjectReference,
        propagationPolicy: "Foreground" | "Background" | "Orphan",
        signal?: AbortSignal,
    ): Promise<boolean> {
        const path = await this.path(reference);
        try {
            await this.client.send({ method: "DELETE", path, body: { propagationPolicy }, signal });
            return true;
        } catch (error) {
            if (isNotFound(error)) {
                return false;
            }
            throw error;
        }
    }

    /** Calls `listener` after each change of a collection, until `unsubscribe`. All awaits of a collection share one watch. */
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

    /** Where the objects of this kind and namespace are. */
    async collection(reference: ObjectReference): Promise<string> {
        return collectionPath(await this.kind(reference), reference.namespace ?? this.access.namespace);
    }

    private async path(reference: ObjectReference): Promise<string> {
        return objectPath(await this.kind(reference), reference.namespace ?? this.access.namespace, reference.name);
    }
}

/** Which object a manifest describes. */
export function referenceOf(manifest: AnyObject): ObjectReference {
    const { name, namespace } = manifest.metadata;
    return {
        apiVersion: manifest.apiVersion ?? "",
        kind: manifest.kind ?? "",
        name,
        namespace: namespace === "" ? undefined : namespace,
    };
}

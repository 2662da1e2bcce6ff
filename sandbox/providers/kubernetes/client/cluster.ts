import { KubeClient, type Answer } from "./client";
import { Collections } from "./collection";
import { collectionPath, Discovery, objectPath, type ResourceKind } from "./discovery";
import { isNotFound } from "./errors";
import type { ClusterAccess } from "./kubeconfig";
import type { KubeList, KubeObject } from "./objects";

/** The name under which the API server records what Pulumi manages. The official provider's default begins the same way. */
export const fieldManager = "pulumi-kubernetes";

/** Which object. */
export interface ObjectReference {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    /** Absent: the kubeconfig's namespace, else `default`. Ignored for kinds that have none. */
    readonly namespace?: string;
}

/** How to apply. */
export interface ApplyOptions {
    readonly dryRun: boolean;
    /** Takes over fields that others manage. */
    readonly force: boolean;
    /** Under which the API server records the fields. @default that of whole objects */
    readonly manager?: string;
    readonly signal?: AbortSignal;
}

/** The objects of one cluster. */
export class Cluster {
    readonly client: KubeClient;
    readonly collections: Collections;
    private readonly discovery: Discovery;
    private answered: Promise<unknown> | undefined;

    constructor(readonly access: ClusterAccess) {
        this.client = new KubeClient(access);
        this.collections = new Collections(this.client);
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
    async get(reference: ObjectReference, signal?: AbortSignal): Promise<KubeObject | undefined> {
        const path = await this.path(reference);
        try {
            return (await this.client.send<KubeObject>({ method: "GET", path, ...(signal && { signal }) })).body;
        } catch (error) {
            if (isNotFound(error)) {
                return undefined;
            }
            throw error;
        }
    }

    /** All objects under a path that `collectionPath` made. */
    async list(path: string): Promise<readonly KubeObject[]> {
        return (await this.client.send<KubeList>({ method: "GET", path })).body.items;
    }

    /** Server-side apply: creates the object, or changes the fields that are ours. */
    async apply(manifest: KubeObject, options: ApplyOptions): Promise<Answer<KubeObject>> {
        return this.client.send<KubeObject>({
            method: "PATCH",
            path: await this.path(referenceOf(manifest)),
            query: {
                fieldManager: options.manager ?? fieldManager,
                force: String(options.force),
                ...(options.dryRun && { dryRun: "All" }),
            },
            // JSON is YAML, and the API server wants this type for an apply.
            contentType: "application/apply-patch+yaml",
            body: manifest,
            ...(options.signal && { signal: options.signal }),
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
            await this.client.send({ method: "DELETE", path, body: { propagationPolicy }, ...(signal && { signal }) });
            return true;
        } catch (error) {
            if (isNotFound(error)) {
                return false;
            }
            throw error;
        }
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
export function referenceOf(manifest: KubeObject): ObjectReference {
    const { name, namespace } = manifest.metadata;
    return {
        apiVersion: manifest.apiVersion ?? "",
        kind: manifest.kind ?? "",
        name,
        ...(namespace === undefined || namespace === "" ? {} : { namespace }),
    };
}

import type { KubeClient } from "../../../kube/client";
import { parseApiVersion } from "../type-token";

/** Location of a kind's objects in the API. */
export interface ResourceKind {
    readonly apiVersion: string;
    readonly kind: string;
    /** Plural name in the path, such as `deployments`. */
    readonly plural: string;
    readonly namespaced: boolean;
}

interface ResourceList {
    readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/**
 * Thrown if the API server does not serve a kind: a custom resource whose definition does not exist (yet), or an old version of a built-in
 * kind.
 */
export class UnknownKindError extends Error {
    override readonly name = "UnknownKindError";

    constructor(apiVersion: string, kind: string) {
        super(
            `the cluster has no kind ${kind} in ${apiVersion}. If it is a custom resource, its CustomResourceDefinition must exist first (use dependsOn)`,
        );
    }
}

/** Discovers kinds through the API server. Each group version is requested once per process. */
export class Discovery {
    private readonly groups = new Map<string, Promise<ResourceList>>();

    constructor(private readonly client: KubeClient) {}

    /** @throws UnknownKindError if the API server does not serve the kind */
    async find(apiVersion: string, kind: string): Promise<ResourceKind> {
        const { resources } = await this.list(apiVersion);
        const resource = resources.find((candidate) => candidate.kind === kind && !candidate.name.includes("/"));
        if (resource === undefined) {
            // Not cached, because the definition may be created in the same update.
            this.groups.delete(apiVersion);
            throw new UnknownKindError(apiVersion, kind);
        }
        return { apiVersion, kind, plural: resource.name, namespaced: resource.namespaced };
    }

    private list(apiVersion: string): Promise<ResourceList> {
        const list = this.groups.get(apiVersion) ?? this.request(apiVersion);
        this.groups.set(apiVersion, list);
        return list;
    }

    private async request(apiVersion: string): Promise<ResourceList> {
        try {
            return (await this.client.find<ResourceList>(groupPath(apiVersion))) ?? { resources: [] };
        } catch (error) {
            this.groups.delete(apiVersion);
            throw error;
        }
    }
}

function groupPath(apiVersion: string): string {
    return parseApiVersion(apiVersion).group === "" ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
}

/** Returns the path of all objects of a kind in a namespace, or in the cluster for a cluster-scoped kind. */
export function collectionPath(kind: ResourceKind, namespace: string | undefined): string {
    const scope = kind.namespaced ? `/namespaces/${encodeURIComponent(namespace ?? "default")}` : "";
    return `${groupPath(kind.apiVersion)}${scope}/${kind.plural}`;
}

/** Returns the path of an object. */
export function objectPath(kind: ResourceKind, namespace: string | undefined, name: string): string {
    return `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`;
}

import type { KubeClient } from "../../../kube/client";
import { isNotFound } from "../../../kube/errors";
import { parseApiVersion } from "../type-token";

/** Where the API server keeps objects of one kind. */
export interface ResourceKind {
    readonly apiVersion: string;
    readonly kind: string;
    /** The plural in the path, such as `deployments`. */
    readonly plural: string;
    readonly namespaced: boolean;
}

interface ResourceList {
    readonly resources: readonly { readonly name: string; readonly kind: string; readonly namespaced: boolean }[];
}

/** The API server has no such kind: a custom resource whose definition does not exist (yet), or an old version of a built-in one. */
export class UnknownKindError extends Error {
    override readonly name = "UnknownKindError";

    constructor(apiVersion: string, kind: string) {
        super(
            `the cluster has no kind ${kind} in ${apiVersion}. If it is a custom resource, its CustomResourceDefinition must exist first (use dependsOn)`,
        );
    }
}

/** Finds kinds by asking the API server, once a group and version for the life of the process. */
export class Discovery {
    private readonly groups = new Map<string, Promise<ResourceList>>();

    constructor(private readonly client: KubeClient) {}

    /** @throws UnknownKindError when the API server does not serve it */
    async find(apiVersion: string, kind: string): Promise<ResourceKind> {
        const found = await this.lookUp(apiVersion, kind);
        if (found === undefined) {
            // Asked again the next time: its definition may be created in this very update.
            this.groups.delete(apiVersion);
            throw new UnknownKindError(apiVersion, kind);
        }
        return found;
    }

    private async lookUp(apiVersion: string, kind: string): Promise<ResourceKind | undefined> {
        const list = await this.list(apiVersion);
        const resource = list.resources.find((candidate) => candidate.kind === kind && !candidate.name.includes("/"));
        return resource === undefined ? undefined : { apiVersion, kind, plural: resource.name, namespaced: resource.namespaced };
    }

    private list(apiVersion: string): Promise<ResourceList> {
        let list = this.groups.get(apiVersion);
        if (list === undefined) {
            list = this.client
                .send<ResourceList>({ method: "GET", path: groupPath(apiVersion) })
                .then((answer) => answer.body)
                .catch((error: unknown) => {
                    this.groups.delete(apiVersion);
                    if (isNotFound(error)) {
                        return { resources: [] };
                    }
                    throw error;
                });
            this.groups.set(apiVersion, list);
        }
        return list;
    }
}

function groupPath(apiVersion: string): string {
    return parseApiVersion(apiVersion).group === "" ? `/api/${apiVersion}` : `/apis/${apiVersion}`;
}

/** The path of all objects of a kind in one namespace, or in the whole cluster where the kind has none. */
export function collectionPath(kind: ResourceKind, namespace: string | undefined): string {
    const scope = kind.namespaced ? `/namespaces/${encodeURIComponent(namespace ?? "default")}` : "";
    return `${groupPath(kind.apiVersion)}${scope}/${kind.plural}`;
}

/** The path of one object. */
export function objectPath(kind: ResourceKind, namespace: string | undefined, name: string): string {
    return `${collectionPath(kind, namespace)}/${encodeURIComponent(name)}`;
}

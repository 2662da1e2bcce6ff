import type { KubeObject, Pod } from "../../../kube/objects";

/** Related objects in the object's namespace that help explain why it is not ready. */
export type RelatedKind = "endpointSlices" | "events" | "pods" | "replicaSets" | "storageClasses";

/** The related objects that are available. */
export type Related = Readonly<Partial<Record<RelatedKind, readonly KubeObject[]>>>;

/** Returns the API path of related objects. */
export function relatedPath(kind: RelatedKind, namespace: string): string {
    const scope = `namespaces/${encodeURIComponent(namespace)}`;
    switch (kind) {
        case "endpointSlices":
            return `/apis/discovery.k8s.io/v1/${scope}/endpointslices`;
        case "events":
            return `/api/v1/${scope}/events`;
        case "pods":
            return `/api/v1/${scope}/pods`;
        case "replicaSets":
            return `/apis/apps/v1/${scope}/replicasets`;
        case "storageClasses":
            return "/apis/storage.k8s.io/v1/storageclasses";
    }
}

/** A container whose log explains a failure. */
export interface Witness {
    readonly pod: string;
    readonly container: string;
    /** Whether the container's previous run failed. */
    readonly previous: boolean;
}

/** The state of an object: waiting, ready or failed. */
export type Verdict =
    | { readonly state: "ready" }
    | { readonly state: "waiting"; readonly message: string; readonly witness?: Witness | undefined }
    | { readonly state: "failed"; readonly message: string; readonly witness?: Witness | undefined };

/** Readiness rules of a kind. */
export interface Readiness {
    /** Default timeout in seconds. */
    readonly timeoutSeconds: number;
    readonly related: readonly RelatedKind[];
    verdict(object: KubeObject, related: Related): Verdict;
}

export const ready: Verdict = { state: "ready" };

/** The object is not ready yet, with the reason. */
export function waiting(message: string, witness?: Witness): Verdict {
    return { state: "waiting", message, witness };
}

/** The object failed: waiting longer does not help. */
export function failed(message: string, witness?: Witness): Verdict {
    return { state: "failed", message, witness };
}

/** Returns the objects that another object owns. */
export function ownedBy<T extends KubeObject>(owner: KubeObject, objects: readonly T[]): readonly T[] {
    return objects.filter(({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === owner.metadata.uid));
}

/** Returns the pods that an object owns. */
export function podsOf(owner: KubeObject, { pods = [] }: Related): readonly Pod[] {
    return ownedBy(owner, pods as readonly Pod[]);
}

import type { KubeObject } from "../../../kube/objects";

/** Other objects that tell why something is not ready. They are looked at in the object's own namespace. */
export type RelatedKind = "endpointSlices" | "events" | "pods" | "replicaSets" | "storageClasses";

/** What is known about them. */
export type Related = Readonly<Partial<Record<RelatedKind, readonly KubeObject[]>>>;

/** Where an API server keeps them. */
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

/** A container whose last words explain a failure. */
export interface Witness {
    readonly pod: string;
    readonly container: string;
    /** Whether it is the container's earlier run that failed. */
    readonly previous: boolean;
}

/** How far an object is. */
export type Verdict =
    | { readonly state: "ready" }
    | { readonly state: "waiting"; readonly message: string; readonly witness?: Witness | undefined }
    | { readonly state: "failed"; readonly message: string; readonly witness?: Witness | undefined };

/** When objects of a kind count as ready. */
export interface Readiness {
    /** How long to wait unless the program says otherwise. */
    readonly timeoutSeconds: number;
    readonly related: readonly RelatedKind[];
    verdict(object: KubeObject, related: Related): Verdict;
}

export const ready: Verdict = { state: "ready" };

/** Waiting, with what for. */
export function waiting(message: string, witness?: Witness): Verdict {
    return { state: "waiting", message, witness };
}

/** It will not become ready by waiting. */
export function failed(message: string, witness?: Witness): Verdict {
    return { state: "failed", message, witness };
}

import type { AnyObject } from "../../kube/objects";
import type { Properties } from "../property-values";
import type { Operation, Target } from "../provider";
import { skipsAwait } from "./annotations";
import { readinessOf } from "./awaits/kinds";
import type { Readiness } from "./awaits/readiness";
import { type Cluster, type ObjectReference, referenceOf } from "./client/cluster";
import { UnknownKindError } from "./client/discovery";
import { withoutIgnored } from "./diff/ignored-fields";
import { isPatch, kindOf } from "./diff/patches";
import { objectId, parseObjectId } from "./names";
import { parseTypeToken } from "./type-token";

/** The object of a resource that exists. */
export function referenceOfResource(resource: Target & { readonly id: string; readonly inputs: Properties | undefined }): ObjectReference {
    const { apiVersion, kind } = kindOf(resource.type, resource.inputs ?? {});
    return { apiVersion, kind, ...parseObjectId(resource.id) };
}

/** How to see that the object is ready; undefined if nobody waits for it. */
export function awaitedReadiness({ type }: Target, inputs: Properties): Readiness | undefined {
    const { group, kind } = parseTypeToken(type);
    return skipsAwait(inputs) || isPatch(type, inputs) ? undefined : readinessOf(group, kind);
}

/** The manifest in the namespace of the resource's id: the kubeconfig's default namespace may be another one now. */
export function inNamespaceOf(id: string | undefined, manifest: AnyObject): AnyObject {
    const namespace = id === undefined ? undefined : parseObjectId(id).namespace;
    return namespace === undefined ? manifest : { ...manifest, metadata: { ...manifest.metadata, namespace } };
}

/** The manifest of an update, without the fields of `ignoreChanges`. */
export async function withoutIgnoredChanges(
    cluster: Cluster,
    manifest: AnyObject,
    { ignoreChanges = [], cancelled }: Operation & { readonly ignoreChanges?: readonly string[] },
): Promise<AnyObject> {
    const live = ignoreChanges.length === 0 ? undefined : await cluster.get(referenceOf(manifest), cancelled);
    return live === undefined ? manifest : withoutIgnored(manifest, live, ignoreChanges);
}

/** Why an object that exists is not created. */
export function alreadyExists({ kind = "object", metadata }: AnyObject): string {
    return (
        `${kind} "${objectId(metadata)}" exists in the cluster already and is not in this stack's state: ` +
        "creating it is refused. Import it, delete it, or choose another name"
    );
}

/** What `attempt` gives; undefined if the API server does not know the kind, and so has no objects of it. */
export async function ifKindExists<T>(attempt: () => Promise<T>): Promise<T | undefined> {
    try {
        return await attempt();
    } catch (error) {
        if (error instanceof UnknownKindError) {
            return undefined;
        }
        throw error;
    }
}

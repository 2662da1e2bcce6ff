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

/** Returns the identity of an existing resource's object. */
export function referenceOfResource(resource: Target & { readonly id: string; readonly inputs: Properties | undefined }): ObjectReference {
    const { apiVersion, kind } = kindOf(resource.type, resource.inputs ?? {});
    return { apiVersion, kind, ...parseObjectId(resource.id) };
}

/** Returns the readiness rules for an object; undefined if it is not awaited. */
export function awaitedReadiness({ type }: Target, inputs: Properties): Readiness | undefined {
    const { group, kind } = parseTypeToken(type);
    return skipsAwait(inputs) || isPatch(type, inputs) ? undefined : readinessOf(group, kind);
}

/** Sets the manifest's namespace from the resource's ID, because the kubeconfig's default namespace may have changed. */
export function inNamespaceOf(id: string | undefined, manifest: AnyObject): AnyObject {
    const namespace = id === undefined ? undefined : parseObjectId(id).namespace;
    return namespace === undefined ? manifest : { ...manifest, metadata: { ...manifest.metadata, namespace } };
}

/** Returns the manifest of an update, after `ignoreChanges`. */
export async function withoutIgnoredChanges(
    cluster: Cluster,
    manifest: AnyObject,
    { ignoreChanges = [], cancelled }: Operation & { readonly ignoreChanges?: readonly string[] },
): Promise<AnyObject> {
    const live = ignoreChanges.length === 0 ? undefined : await cluster.get(referenceOf(manifest), cancelled);
    return live === undefined ? manifest : withoutIgnored(manifest, live, ignoreChanges);
}

/** The error message for an object that already exists. */
export function alreadyExists({ kind = "object", metadata }: AnyObject): string {
    return (
        `${kind} "${objectId(metadata)}" already exists in the cluster, but not in this stack's state. ` +
        "Import it, delete it, or choose another name"
    );
}

/** Returns the result of `attempt`; undefined if the API server does not know the kind, so that no objects of it exist. */
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

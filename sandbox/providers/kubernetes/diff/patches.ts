import { createHash } from "node:crypto";
import type { Properties } from "../../property-values";
import { FIELD_MANAGER } from "../client/cluster";
import type { AnyObject } from "../../../kube/objects";
import { parseTypeToken, type KindReference } from "../type-token";

const SUFFIX = "Patch";

/**
 * Whether a resource is a patch, which sets some fields of an object with another owner. Its type has the suffix `Patch`; the SDK sets the
 * kind of the object itself. https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 */
export function isPatch(token: string, inputs: Properties): boolean {
    const { kind } = parseTypeToken(token);
    return kind.endsWith(SUFFIX) && inputs.kind === kind.slice(0, -SUFFIX.length);
}

/** Returns the kind of the object that a resource represents or patches. */
export function kindOf(token: string, inputs: Properties): KindReference {
    const reference = parseTypeToken(token);
    return isPatch(token, inputs) ? { ...reference, kind: reference.kind.slice(0, -SUFFIX.length) } : reference;
}

/** Returns the field manager of a patch. When the patch is deleted, the API server removes this manager's fields. */
export function patchManager(urn: string): string {
    return `${FIELD_MANAGER}-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`;
}

/** Returns a patch without fields. Applying it releases the fields of the previous patch. */
export function emptyPatch({ apiVersion = "", kind = "", metadata: { name, namespace } }: AnyObject): AnyObject {
    return { apiVersion, kind, metadata: { name, namespace } };
}

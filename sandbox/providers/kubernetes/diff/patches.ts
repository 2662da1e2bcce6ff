import { createHash } from "node:crypto";
import type { Properties } from "../../property-values";
import { FIELD_MANAGER } from "../client/cluster";
import type { AnyObject } from "../../../kube/objects";
import { parseTypeToken, type KindReference } from "../type-token";

const SUFFIX = "Patch";

/**
 * Whether a resource is a patch: its type is that of an object and `Patch`, and it sets some fields of an object that has another owner. The SDK gives it the
 * object's own kind. https://www.pulumi.com/registry/packages/kubernetes/how-to-guides/managing-resources-with-server-side-apply/
 */
export function isPatch(token: string, inputs: Properties): boolean {
    const { kind } = parseTypeToken(token);
    return kind.endsWith(SUFFIX) && inputs.kind === kind.slice(0, -SUFFIX.length);
}

/** The object that a resource is, or patches. */
export function kindOf(token: string, inputs: Properties): KindReference {
    const reference = parseTypeToken(token);
    return isPatch(token, inputs) ? { ...reference, kind: reference.kind.slice(0, -SUFFIX.length) } : reference;
}

/** The field manager of one patch: the API server removes its fields when the patch is deleted. */
export function patchManager(urn: string): string {
    return `${FIELD_MANAGER}-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`;
}

/** A patch that sets nothing: applying it releases the fields of the earlier patch. */
export function emptyPatch({ apiVersion = "", kind = "", metadata: { name, namespace } }: AnyObject): AnyObject {
    return { apiVersion, kind, metadata: { name, namespace } };
}

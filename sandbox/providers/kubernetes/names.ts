import { createHash, randomBytes } from "node:crypto";
import type { Metadata } from "../../kube/objects";
import { isObject, UNKNOWN, type Properties } from "../property-values";

/** Marks objects with a generated name, as the official provider does: their replacement may exist at the same time. */
export const AUTONAMED_ANNOTATION = "pulumi.com/autonamed";

/** Whether the object's name was generated. */
export function isAutonamed(inputs: Properties): boolean {
    const metadata = inputs.metadata;
    const annotations = isObject(metadata) ? metadata.annotations : undefined;
    return isObject(annotations) && annotations[AUTONAMED_ANNOTATION] === "true";
}

/** `<logical name>-<8 hex digits>`; the same for the same seed, so that an update makes the name that its preview showed. */
export function generateName(logicalName: string, randomSeed: Uint8Array): string {
    const suffix = randomSeed.length === 0 ? randomBytes(4) : createHash("sha256").update(randomSeed).digest().subarray(0, 4);
    return `${logicalName}-${suffix.toString("hex")}`;
}

/** Names an object without a name: its earlier name, else a new one. */
export function withName(inputs: Properties, oldInputs: Properties | undefined, logicalName: string, randomSeed: Uint8Array): Properties {
    const metadata = inputs.metadata ?? {};
    if (!isObject(metadata) || (metadata.name ?? "") !== "") {
        return inputs;
    }
    const annotations = metadata.annotations ?? {};
    const oldMetadata = oldInputs?.metadata;
    const kept = oldInputs !== undefined && isAutonamed(oldInputs) && isObject(oldMetadata) ? oldMetadata.name : undefined;
    return {
        ...inputs,
        metadata: {
            ...metadata,
            name: typeof kept === "string" ? kept : generateName(logicalName, randomSeed),
            annotations: isObject(annotations) ? { ...annotations, [AUTONAMED_ANNOTATION]: "true" } : UNKNOWN,
        },
    };
}

/** `namespace/name`, or the name alone for an object without a namespace: the id that the official provider uses. */
export function objectId({ name, namespace }: Pick<Metadata, "name" | "namespace">): string {
    return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

/** The name, and the namespace if there is one, in an id of `objectId`. */
export function parseObjectId(id: string): { readonly name: string; readonly namespace?: string } {
    const slash = id.indexOf("/");
    return slash < 0 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

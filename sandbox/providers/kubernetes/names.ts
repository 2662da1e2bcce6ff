import { createHash, randomBytes } from "node:crypto";
import type { Metadata } from "../../kube/objects";
import { isObject, UNKNOWN, type Properties } from "../property-values";

/**
 * Annotation of objects with a generated name, as in the official provider. Such an object and its replacement can exist at the same time.
 */
export const AUTONAMED_ANNOTATION = "pulumi.com/autonamed";

/** Whether the object has a generated name. */
export function isAutonamed(inputs: Properties): boolean {
    const metadata = inputs.metadata;
    const annotations = isObject(metadata) ? metadata.annotations : undefined;
    return isObject(annotations) && annotations[AUTONAMED_ANNOTATION] === "true";
}

/** Generates `<logical name>-<8 hex digits>`. The same seed gives the same name, so an update uses the name from its preview. */
export function generateName(logicalName: string, randomSeed: Uint8Array): string {
    const suffix = randomSeed.length === 0 ? randomBytes(4) : createHash("sha256").update(randomSeed).digest().subarray(0, 4);
    return `${logicalName}-${suffix.toString("hex")}`;
}

/** Sets the name of an object without one: its previous name, or a new one. */
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

/** Returns the official provider's ID: `namespace/name`, or only the name for a cluster-scoped object. */
export function objectId({ name, namespace }: Pick<Metadata, "name" | "namespace">): string {
    return namespace === undefined || namespace === "" ? name : `${namespace}/${name}`;
}

/** Parses an ID from `objectId`. */
export function parseObjectId(id: string): { readonly name: string; readonly namespace?: string } {
    const slash = id.indexOf("/");
    return slash < 0 ? { name: id } : { namespace: id.slice(0, slash), name: id.slice(slash + 1) };
}

import { containsUnknown, isObject, reveal, secret, UNKNOWN, type Properties, type PropertyValue } from "../property-values";
import { isRecord, type AnyObject } from "../../kube/objects";

/** Fields that the API server generates per object. Their values in a dry run are meaningless. */
const VOLATILE = ["uid", "resourceVersion", "creationTimestamp", "generation", "managedFields", "selfLink"];

/** Returns the manifest for an object's inputs, without status and nulls. @throws Error if a value is unknown */
export function toManifest(inputs: Properties): AnyObject {
    if (containsUnknown(inputs)) {
        throw new Error("an object with unknown fields cannot be sent to the API server");
    }
    const { status: _, ...rest } = inputs;
    return toJson(rest) as AnyObject;
}

function toJson(marked: PropertyValue | undefined): unknown {
    const value = marked === undefined ? undefined : reveal(marked);
    if (Array.isArray(value)) {
        return value.map(toJson);
    }
    if (!isObject(value)) {
        return value;
    }
    const fields = Object.entries(value).filter(([, field]) => field !== undefined && field !== null && field !== UNKNOWN);
    return Object.fromEntries(fields.map(([name, field]) => [schemaExtensionToJson(name), toJson(field)]));
}

/** Returns the outputs of a live object. The contents of a Secret are always marked as secret. */
export function toOutputs(live: AnyObject): Properties {
    const { managedFields: _, ...metadata } = live.metadata;
    const outputs: Properties = { ...(fromJson(live) as Properties), metadata: fromJson(metadata) };
    if (live.kind !== "Secret" || live.apiVersion !== "v1") {
        return outputs;
    }
    const { data } = outputs;
    return data === undefined ? outputs : { ...outputs, data: secret(data) };
}

/**
 * Returns the outputs of a preview from a dry run. The status and values that differ between runs are omitted, so they are unknown to the
 * program.
 */
export function toPreviewOutputs(dryRun: AnyObject): Properties {
    const { status: _, ...rest } = dryRun;
    const metadata = Object.fromEntries(Object.entries(dryRun.metadata).filter(([name]) => !VOLATILE.includes(name)));
    return toOutputs({ ...rest, metadata: { ...metadata, name: dryRun.metadata.name } });
}

/** Returns the outputs of a planned object without a dry run. Values that the server sets are unknown. */
export function toPlannedOutputs(inputs: Properties): Properties {
    const { apiVersion, kind, spec } = inputs;
    if (apiVersion !== "v1" || kind !== "Service" || !isObject(spec)) {
        return inputs;
    }
    return { ...inputs, spec: { clusterIP: UNKNOWN, clusterIPs: UNKNOWN, ...spec } };
}

/** Returns the inputs that would create a live object, for an import. */
export function toImportedInputs(live: AnyObject): Properties {
    const { data, ...rest } = toPreviewOutputs(live);
    const preview: Properties = data === undefined ? rest : { ...rest, data: reveal(data) };
    const metadata = preview.metadata;
    if (!isObject(metadata) || !isObject(metadata.annotations)) {
        return preview;
    }
    const annotations = Object.fromEntries(
        Object.entries(metadata.annotations).filter(
            ([name]) => name !== "deployment.kubernetes.io/revision" && name !== "kubectl.kubernetes.io/last-applied-configuration",
        ),
    );
    return { ...preview, metadata: { ...metadata, annotations: Object.keys(annotations).length === 0 ? undefined : annotations } };
}

/** Converts JSON of the API server to property values. */
export function fromJson(value: unknown): PropertyValue {
    if (Array.isArray(value)) {
        return value.map(fromJson);
    }
    if (!isRecord(value)) {
        return (value ?? null) as PropertyValue;
    }
    return Object.fromEntries(Object.entries(value).map(([name, field]) => [schemaExtensionFromJson(name), fromJson(field)]));
}

// The SDK writes the schema extensions of a CustomResourceDefinition with underscores, because they are field names in the SDK.
function schemaExtensionToJson(name: string): string {
    return name.startsWith("x_kubernetes_") ? name.replaceAll("_", "-") : name;
}

function schemaExtensionFromJson(name: string): string {
    return name.startsWith("x-kubernetes-") ? name.replaceAll("-", "_") : name;
}

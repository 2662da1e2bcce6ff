import { isRecord } from "../../kube/objects";

/** Whether the program disables waiting for this object. */
export function skipsAwait(object: unknown): boolean {
    return annotation(object, "pulumi.com/skipAwait") === "true";
}

/** Whether the program takes over fields of other managers. */
export function forcesConflicts(object: unknown): boolean {
    return annotation(object, "pulumi.com/patchForce") === "true";
}

/** Returns the timeout in seconds: the resource's custom timeout, else its annotation, else the default of its kind. */
export function timeoutSeconds(customTimeout: number | undefined, object: unknown, usual: number): number {
    if (customTimeout !== undefined && customTimeout > 0) {
        return customTimeout;
    }
    const asked = Number(annotation(object, "pulumi.com/timeoutSeconds") ?? "");
    return Number.isInteger(asked) && asked > 0 ? asked : usual;
}

/** Returns how the deletion of an object affects its dependents. */
export function deletionPropagation(object: unknown): "Foreground" | "Background" | "Orphan" {
    switch (annotation(object, "pulumi.com/deletionPropagationPolicy")?.toLowerCase()) {
        case "background":
            return "Background";
        case "orphan":
            return "Orphan";
        default:
            return "Foreground";
    }
}

/** Returns an annotation of a value that may be an object; undefined if it is not set. */
function annotation(object: unknown, key: string): string | undefined {
    if (!isRecord(object) || !isRecord(object.metadata)) {
        return undefined;
    }
    const { annotations } = object.metadata;
    const value = isRecord(annotations) ? annotations[key] : undefined;
    return typeof value === "string" ? value : undefined;
}

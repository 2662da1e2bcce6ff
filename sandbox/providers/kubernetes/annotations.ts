import { isRecord } from "../../kube/objects";

/** Whether the program asks not to wait for this object. */
export function skipsAwait(object: unknown): boolean {
    return annotation(object, "pulumi.com/skipAwait") === "true";
}

/** Whether the program takes over fields that others manage. */
export function forcesConflicts(object: unknown): boolean {
    return annotation(object, "pulumi.com/patchForce") === "true";
}

/** How long to wait: the resource's own time-out, else its annotation, else what is usual for the kind. In seconds. */
export function timeoutSeconds(customTimeout: number | undefined, object: unknown, usual: number): number {
    if (customTimeout !== undefined && customTimeout > 0) {
        return customTimeout;
    }
    const asked = Number(annotation(object, "pulumi.com/timeoutSeconds") ?? "");
    return Number.isInteger(asked) && asked > 0 ? asked : usual;
}

/** What becomes of the objects that belong to a deleted one. */
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

/** An annotation of anything that looks like an object; undefined if it is not set. */
function annotation(object: unknown, key: string): string | undefined {
    if (!isRecord(object) || !isRecord(object.metadata)) {
        return undefined;
    }
    const { annotations } = object.metadata;
    const value = isRecord(annotations) ? annotations[key] : undefined;
    return typeof value === "string" ? value : undefined;
}

/** The name of a field, or the position of an element in a list. */
export type Segment = string | number;

/**
 * Writes a property path as the engine reads it: `nodeConfig.taints[0].key`, and `labels["app.kubernetes.io/name"]` for names that hold
 * other characters than letters, digits and underscores.
 */
export function formatPath(segments: readonly Segment[]): string {
    return segments.map((segment, position) => formatSegment(segment, position === 0)).join("");
}

function formatSegment(segment: Segment, first: boolean): string {
    if (typeof segment === "number") {
        return `[${segment}]`;
    }
    if (!/^[A-Za-z_$][\w$]*$/.test(segment)) {
        return `["${segment.replaceAll('"', '\\"')}"]`;
    }
    return first ? segment : `.${segment}`;
}

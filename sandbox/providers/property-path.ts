/** A field name or a list index. */
export type Segment = string | number;

/**
 * Formats a property path for the engine: `nodeConfig.taints[0].key`, or `labels["app.kubernetes.io/name"]` for names with characters other
 * than letters, digits and underscores.
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

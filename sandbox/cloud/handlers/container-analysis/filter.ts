import { invalid } from "../../api/api-error";
import { type JsonObject, textOrEmpty } from "../../json";

/** Fields that a filter can compare, with their value in an occurrence. https://cloud.google.com/artifact-analysis/docs/investigate-vulnerabilities */
const FIELDS: Readonly<Record<string, (occurrence: JsonObject) => string>> = {
    kind: ({ kind }) => textOrEmpty(kind),
    resourceUrl: ({ resourceUri }) => textOrEmpty(resourceUri),
    noteProjectId: ({ noteName }) => textOrEmpty(noteName).split("/")[1] ?? "",
    noteId: ({ noteName }) => textOrEmpty(noteName).split("/")[3] ?? "",
};

/**
 * Returns the condition of a filter: comparisons of fields with quoted texts, joined by AND, also in parentheses.
 * @param filter empty for all occurrences
 * @throws ApiError for any other filter
 */
export function occurrenceFilter(filter: string): (occurrence: JsonObject) => boolean {
    const [, inner = filter] = /^\((.*)\)$/s.exec(filter.trim()) ?? [];
    if (inner.trim() === "") {
        return () => true;
    }
    const comparisons = inner.split(/\sAND\s/).map((part) => {
        const [, name = "", value = ""] = /^\s*(\w+)\s*=\s*"([^"]*)"\s*$/.exec(part) ?? [];
        const read = Object.hasOwn(FIELDS, name) ? FIELDS[name] : undefined;
        if (read === undefined) {
            throw invalid(`Invalid filter "${part.trim()}": the sandbox compares ${Object.keys(FIELDS).join(", ")} with a text in quotes.`);
        }
        return { read, value };
    });
    return (occurrence) => comparisons.every(({ read, value }) => read(occurrence) === value);
}

import { isJsonObject, type JsonValue, textOrEmpty } from "../../json";
import { ensure, invalid } from "../../api/api-error";

/** https://cloud.google.com/resource-manager/docs/labels-overview#requirements */
const MOST = 64;
const KEY = /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u;
const VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;

/** @throws ApiError for invalid labels */
export function checkLabels(labels: JsonValue | undefined): void {
    if (!isJsonObject(labels)) {
        return;
    }
    const entries = Object.entries(labels);
    ensure(entries.length <= MOST, `A resource can have at most ${MOST} labels, not ${entries.length}`);
    for (const [key, value] of entries) {
        ensure(
            KEY.test(key),
            `Label key '${key}' violates format constraints. The key must start with a lowercase letter. ${charactersOf("key")}`,
        );
        if (typeof value !== "string" || !VALUE.test(value)) {
            throw invalid(`Label value '${textOrEmpty(value)}' violates format constraints. ${charactersOf("value")}`);
        }
    }
}

function charactersOf(part: "key" | "value"): string {
    const characters = `The ${part} can only contain lowercase letters, numeric characters, underscores and dashes.`;
    return `${characters} The ${part} can be at most 63 characters long. International characters are allowed.`;
}

import { ensure } from "../../api/api-error";
import type { Call } from "../../api/service";
import { type JsonObject, textOrEmpty } from "../../json";
import { pageOf } from "../common/pages";

const MOST_OF_A_PAGE = 500;

/** Returns a page of a list. @param kind kind of the items, without its prefix */
export function listOf(call: Call, kind: string, items: readonly JsonObject[]): JsonObject {
    return { kind: `compute#${kind}List`, ...page(call, items) };
}

/**
 * Returns a page of the resources in all zones and regions of a project, by their place. Places without resources are left out.
 * https://cloud.google.com/compute/docs/reference/rest/v1/machineTypes/aggregatedList
 * @param collection name of the lists in the answer, such as `machineTypes`
 */
export function aggregatedListOf(call: Call, collection: string, all: readonly JsonObject[]): JsonObject {
    const { items = [], ...rest } = page(call, all) as { readonly items?: readonly JsonObject[] };
    const places = [...new Set(items.map(placeOf))];
    const at = (place: string) => ({ [collection]: items.filter((item) => placeOf(item) === place) });
    return {
        kind: `compute#${collection.slice(0, -1)}AggregatedList`,
        items: Object.fromEntries(places.map((place) => [place, at(place)])),
        ...rest,
    };
}

/** `zones/us-central1-a`, `regions/us-central1` or `global`. */
function placeOf({ selfLink }: JsonObject): string {
    return /\/(zones\/[^/]+|regions\/[^/]+)\//.exec(textOrEmpty(selfLink))?.[1] ?? "global";
}

function page({ parameters: { filter, maxResults, pageToken = "" } }: Call, items: readonly JsonObject[]): JsonObject {
    const found = items.filter(conditionOf(textOrEmpty(filter)));
    return pageOf("items", found, { pageSize: maxResults ?? 0, pageToken }, MOST_OF_A_PAGE);
}

/**
 * Returns the condition of a filter: comparisons of fields with a text, joined by AND. gcloud writes `name eq "…"`, with a regular expression
 * for the whole value. https://cloud.google.com/compute/docs/reference/rest/v1/networks/list
 * @throws ApiError for any other filter
 */
function conditionOf(filter: string): (item: JsonObject) => boolean {
    const comparisons = filter.split(/\s+AND\s+|(?<=\))\s*(?=\()/).filter((part) => part.trim() !== "");
    const conditions = comparisons.map((part) => {
        const [, field = "", operator = "", quoted = "", bare = ""] =
            /^\s*\(*\s*(\w+)\s*(=|!=|\beq\b|\bne\b)\s*(?:"((?:[^"\\]|\\.)*)"|([^\s()"]+))\s*\)*\s*$/.exec(part) ?? [];
        ensure(field !== "", `The sandbox does not evaluate the filter ${JSON.stringify(filter)} of Compute Engine.`, "UNIMPLEMENTED");
        const value = quoted || bare;
        const holds = /^[en]/.test(operator)
            ? (text: string) => new RegExp(`^(?:${value.replace(/\\-/g, "-")})$`).test(text)
            : (text: string) => text === value;
        const isWanted = operator === "=" || operator === "eq";
        return (item: JsonObject): boolean => holds(textOrEmpty(item[field])) === isWanted;
    });
    return (item) => conditions.every((holds) => holds(item));
}

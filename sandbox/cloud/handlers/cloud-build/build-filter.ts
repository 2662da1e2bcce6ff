import { ensure } from "../../api/api-error";
import { jsonName } from "../../api/names";
import { isJsonList, type JsonObject, valueAt } from "../../json";

/**
 * Returns the condition of a filter: comparisons of fields with texts, joined by OR and AND.
 * https://cloud.google.com/build/docs/view-build-results#filter_build_results_using_queries
 * @param filter empty for all builds
 * @throws ApiError for any other filter
 */
export function buildFilter(filter: string): (build: JsonObject) => boolean {
    if (filter.trim() === "") {
        return () => true;
    }
    const alternatives = filter.split(/\sOR\s/).map((part) => part.split(/\sAND\s/).map(comparison));
    return (build) => alternatives.some((all) => all.every((holds) => holds(build)));
}

function comparison(text: string): (build: JsonObject) => boolean {
    const [, field, operator, quoted, bare] = /^\s*([\w.]+)\s*(!=|=|:)\s*(?:"([^"]*)"|([^\s"()]+))\s*$/.exec(text) ?? [];
    ensure(field !== undefined, `invalid list filter: the sandbox does not support ${text.trim()}`);
    const [first = "", ...rest] = field.split(".");
    const path = [first === "trigger_id" ? "buildTriggerId" : jsonName(first), ...rest];
    return (build) => {
        const value = valueAt(build, ...path);
        const isEqual = isJsonList(value) ? value.includes(quoted ?? bare ?? "") : value === (quoted ?? bare);
        return isEqual === (operator !== "!=");
    };
}

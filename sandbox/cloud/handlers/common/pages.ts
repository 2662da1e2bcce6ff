import type { JsonObject } from "../../json";
import { ensure, invalid } from "../../api/api-error";
import type { Parameters } from "../../api/parameters";

/**
 * Returns one page of a list. https://google.aip.dev/158
 * @param field name of the list in the response
 * @param most the maximum page size, which is also the default
 * @throws ApiError for an invalid page token
 */
export function pageOf(field: string, items: readonly JsonObject[], { pageSize, pageToken }: Parameters, most: number): JsonObject {
    if (typeof pageSize === "number" && pageSize < 0) {
        throw invalid("page_size must not be negative");
    }
    const size = Math.min(typeof pageSize === "number" && pageSize > 0 ? pageSize : most, most);
    const start = pageToken === undefined || pageToken === "" ? 0 : positionOf(pageToken);
    const end = start + size;
    return {
        ...(items.length > start && { [field]: items.slice(start, end) }),
        ...(end < items.length && { nextPageToken: Buffer.from(`page ${end}`).toString("base64url") }),
    };
}

/** As `pageOf`, for APIs that report the total number of items. */
export function countedPageOf(field: string, items: readonly JsonObject[], parameters: Parameters, most: number): JsonObject {
    return { ...pageOf(field, items, parameters, most), totalSize: items.length };
}

function positionOf(token: unknown): number {
    const [, position] = /^page (\d+)$/.exec(Buffer.from(String(token), "base64url").toString()) ?? [];
    ensure(position !== undefined, "The page token is invalid.");
    return Number(position);
}

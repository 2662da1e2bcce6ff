import { createHash } from "node:crypto";
import { ensure } from "../../api/api-error";
import type { JsonObject, JsonValue } from "../../json";
import type { Entry } from "../../ledger";

/** The status of a cluster or a node pool, as the API returns it. */
export function statusOf({ status, problem = "" }: Entry): JsonObject {
    const failure = { statusMessage: problem, conditions: [{ code: "UNKNOWN", canonicalCode: "INTERNAL", message: problem }] };
    return { status, ...(problem !== "" && failure) };
}

/** Returns a value that changes with a field of a resource. Default: with all fields, as an etag. */
export function fingerprintOf({ uuid, inputs }: Entry, field?: string): string {
    const parts = JSON.stringify([uuid, field ?? "", field === undefined ? inputs : (inputs[field] ?? "")]);
    return createHash("sha256").update(parts).digest("base64url").slice(0, 12);
}

/** @param what the value in messages @throws ApiError if the caller has read an earlier state of the resource */
export function checkFingerprint(given: JsonValue | undefined, current: string, what: string): void {
    ensure(given === undefined || given === current, `${what} doesn't match.`, "FAILED_PRECONDITION");
}

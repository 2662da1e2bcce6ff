import { ApiError, type StatusName } from "../../api/api-error";
import type { JsonObject } from "../../json";

const STATUSES: Readonly<Record<number, StatusName>> = { 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 409: "ALREADY_EXISTS" };

/** Reasons of errors that other APIs have too. https://cloud.google.com/storage/docs/json_api/v1/status-codes */
const REASONS: Readonly<Record<number, string>> = {
    400: "invalid",
    401: "required",
    403: "forbidden",
    404: "notFound",
    409: "conflict",
    501: "notImplemented",
};

/** An error of Cloud Storage. The reason replaces the status of newer APIs. */
export class StorageError extends ApiError {
    /** @param reason as in https://cloud.google.com/storage/docs/json_api/v1/status-codes */
    constructor(
        code: number,
        message: string,
        readonly reason: string,
    ) {
        super(STATUSES[code] ?? "FAILED_PRECONDITION", message, [], code);
    }
}

/** Formats an error as Cloud Storage does. */
export function storageErrorBody(error: ApiError): JsonObject {
    const { code, message } = error;
    const reason = error instanceof StorageError ? error.reason : (REASONS[code] ?? "backendError");
    return { error: { code, message, errors: [{ message, domain: "global", reason }] } };
}

/** An error for an invalid value. */
export function invalidArgument(message: string): StorageError {
    return new StorageError(400, message, "invalid");
}

/** The error for a request whose precondition does not hold. */
export function conditionNotMet(): StorageError {
    return new StorageError(412, "At least one of the pre-conditions you specified did not hold.", "conditionNotMet");
}

/** The error for a missing bucket. */
export function noSuchBucket(): StorageError {
    return new StorageError(404, "The specified bucket does not exist.", "notFound");
}

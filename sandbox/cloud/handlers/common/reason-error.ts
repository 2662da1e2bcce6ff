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

/** An error of Google's older APIs: Cloud Storage and Compute Engine. The reason replaces the status of newer APIs. */
export class ReasonError extends ApiError {
    constructor(
        code: number,
        message: string,
        readonly reason: string,
    ) {
        super(STATUSES[code] ?? "FAILED_PRECONDITION", message, [], code);
    }
}

/** The error for a name that exists. */
export function alreadyExists(message: string): ReasonError {
    return new ReasonError(409, message, "alreadyExists");
}

/** The error for a request that fails its precondition. */
export function conditionNotMet(message: string): ReasonError {
    return new ReasonError(412, message, "conditionNotMet");
}

/** Formats an error as the older APIs do. */
export function reasonErrorBody(error: ApiError): JsonObject {
    const { code, message } = error;
    // https://github.com/midl-dev/tezos-on-gke/issues/34
    const isDisabled = error.details.some(({ reason }) => reason === "SERVICE_DISABLED");
    const common = isDisabled ? "accessNotConfigured" : (REASONS[code] ?? "backendError");
    const reason = error instanceof ReasonError ? error.reason : common;
    return { error: { code, message, errors: [{ message, domain: "global", reason }] } };
}

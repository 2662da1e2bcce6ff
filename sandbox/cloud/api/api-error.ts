import type { JsonObject } from "../json";

/** Canonical error codes of Google's APIs. https://cloud.google.com/apis/design/errors#error_model */
export type StatusName =
    | "ABORTED"
    | "ALREADY_EXISTS"
    | "FAILED_PRECONDITION"
    | "INTERNAL"
    | "INVALID_ARGUMENT"
    | "NOT_FOUND"
    | "PERMISSION_DENIED"
    | "UNAUTHENTICATED"
    | "UNIMPLEMENTED";

const HTTP: Readonly<Record<StatusName, number>> = {
    ABORTED: 409,
    ALREADY_EXISTS: 409,
    FAILED_PRECONDITION: 400,
    INTERNAL: 500,
    INVALID_ARGUMENT: 400,
    NOT_FOUND: 404,
    PERMISSION_DENIED: 403,
    UNAUTHENTICATED: 401,
    UNIMPLEMENTED: 501,
};

const NUMBERS: Readonly<Record<StatusName, number>> = {
    INVALID_ARGUMENT: 3,
    NOT_FOUND: 5,
    ALREADY_EXISTS: 6,
    PERMISSION_DENIED: 7,
    FAILED_PRECONDITION: 9,
    ABORTED: 10,
    UNIMPLEMENTED: 12,
    INTERNAL: 13,
    UNAUTHENTICATED: 16,
};

/** An error response in the format of Google's REST APIs. */
export class ApiError extends Error {
    /**
     * @param details typed error details, such as `google.rpc.BadRequest`
     * @param code the HTTP status. Default: the one of the status name
     */
    constructor(
        readonly status: StatusName,
        message: string,
        readonly details: readonly JsonObject[] = [],
        readonly code = HTTP[status],
    ) {
        super(message);
    }

    /** The code in operations and in gRPC. https://grpc.io/docs/guides/status-codes/#the-full-list-of-status-codes */
    get number(): number {
        return NUMBERS[this.status];
    }

    /** The response body. */
    get body(): JsonObject {
        const { code, message, status, details } = this;
        return { error: { code, message, status, ...(details.length > 0 && { details }) } };
    }
}

/** An invalid field of a request: an unknown field, or an invalid value. */
export interface Violation {
    /** Path of the parent field, in proto names. Empty for the message itself. */
    readonly field: string;
    readonly description: string;
}

/**
 * An INVALID_ARGUMENT error that lists the invalid fields. https://cloud.google.com/apis/design/errors#error_details
 * @param message default: the descriptions
 */
export function badRequest(violations: readonly Violation[], message?: string): ApiError {
    const fieldViolations = violations.map(({ field, description }) => ({ ...(field !== "" && { field }), description }));
    return new ApiError("INVALID_ARGUMENT", message ?? violations.map(({ description }) => description).join("\n"), [
        { "@type": "type.googleapis.com/google.rpc.BadRequest", fieldViolations },
    ]);
}

/** An INVALID_ARGUMENT error for a single value. */
export function invalid(message: string): ApiError {
    return new ApiError("INVALID_ARGUMENT", message);
}

/**
 * Refuses a request unless a condition holds.
 * @param message of the refusal
 * @param error the refusal's status, or a function that makes it of the message
 * @throws ApiError
 */
export function ensure(
    condition: boolean,
    message: string,
    error: StatusName | ((message: string) => ApiError) = "INVALID_ARGUMENT",
): asserts condition {
    if (!condition) {
        throw typeof error === "string" ? new ApiError(error, message) : error(message);
    }
}

/** Returns a value that a request needs. @throws ApiError NOT_FOUND if it is undefined */
export function existing<T>(value: T | undefined): T {
    if (value === undefined) {
        throw notFound();
    }
    return value;
}

/** A NOT_FOUND error. */
export function notFound(): ApiError {
    return new ApiError("NOT_FOUND", "Requested entity was not found.");
}

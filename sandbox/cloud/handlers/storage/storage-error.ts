import { ReasonError } from "../common/reason-error";

// Reasons: https://cloud.google.com/storage/docs/json_api/v1/status-codes

/** An error for an invalid value. */
export function invalidArgument(message: string): ReasonError {
    return new ReasonError(400, message, "invalid");
}

/** The error for a request whose precondition does not hold. */
export function conditionNotMet(): ReasonError {
    return new ReasonError(412, "At least one of the pre-conditions you specified did not hold.", "conditionNotMet");
}

/** The error for a missing bucket. */
export function noSuchBucket(): ReasonError {
    return new ReasonError(404, "The specified bucket does not exist.", "notFound");
}

import { ApiError, ensure, invalid } from "../../api/api-error";
import type { JsonObject, JsonValue } from "../../json";
import { checkLabels } from "../common/labels";

/** https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings/create */
const ID = /^[a-zA-Z0-9_-]{1,63}$/;
/** https://cloud.google.com/kms/docs/locations */
export const MULTI_REGIONS = ["global", "us", "europe", "asia", "nam4", "nam6", "eur4", "eur5", "eur6", "asia1"];
const DAY_SECONDS = 24 * 60 * 60;
const MOST_DAYS_OF_DELAY = 120;
/** Fields that an update cannot change. https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys */
const IMMUTABLE = ["purpose", "importOnly", "destroyScheduledDuration", "cryptoKeyBackend"];

/** @throws ApiError for an invalid ID of a key ring or a key */
export function checkId(id: string, parameter: string): void {
    ensure(ID.test(id), `Invalid ${parameter} '${id}': it must match the regular expression [a-zA-Z0-9_-]{1,63}`);
}

/** @throws ApiError if Cloud KMS would reject this key */
export function checkKey(key: JsonObject): void {
    checkLabels(key.labels);
    const { purpose, rotationPeriod, nextRotationTime, destroyScheduledDuration } = key;
    ensure(purpose !== undefined, "The purpose of a CryptoKey must be specified.");
    if ((rotationPeriod ?? nextRotationTime) !== undefined && purpose !== "ENCRYPT_DECRYPT") {
        throw invalid("Automatic rotation is only supported for keys with purpose ENCRYPT_DECRYPT.");
    }
    if (rotationPeriod !== undefined && seconds(rotationPeriod) < DAY_SECONDS) {
        throw invalid("The rotation period must be at least 24 hours.");
    }
    if (rotationPeriod !== undefined && nextRotationTime === undefined) {
        throw invalid("The next rotation time must be set if the rotation period is set.");
    }
    const delay = destroyScheduledDuration === undefined ? DAY_SECONDS : seconds(destroyScheduledDuration);
    if (delay < DAY_SECONDS || delay > MOST_DAYS_OF_DELAY * DAY_SECONDS) {
        throw invalid(`The destroy scheduled duration must be between 24 hours and ${MOST_DAYS_OF_DELAY} days.`);
    }
}

/** @throws ApiError if an update changes what cannot change */
export function checkImmutable(paths: readonly string[]): void {
    const path = paths.find((path) => IMMUTABLE.includes(path));
    ensure(path === undefined, `The field '${path}' of a CryptoKey is immutable.`);
}

/** Returns the number of seconds in a duration such as `3600s`. */
export function seconds(duration: JsonValue): number {
    return typeof duration === "string" ? Number.parseFloat(duration) : NaN;
}

/** Words the error for a missing resource of a kind, such as `CryptoKey`. */
export function missing(kind: string): (name: string) => ApiError {
    return (name) => new ApiError("NOT_FOUND", `${kind} ${name} not found.`);
}

/** Words the error for a name that exists. Key rings and keys are never deleted. */
export function exists(kind: string): (name: string) => ApiError {
    return (name) => new ApiError("ALREADY_EXISTS", `${kind} ${name} already exists.`);
}

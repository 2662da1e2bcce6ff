import { ensure, invalid } from "../../api/api-error";
import { isJsonObject, type JsonObject, type JsonValue, listAt, textAt, textOrEmpty, valueAt } from "../../json";
import { checkRegion } from "../../locations";
import { checkLabels } from "../common/labels";
import { ReasonError } from "../common/reason-error";

/** https://cloud.google.com/storage/docs/storage-classes */
const CLASSES = ["STANDARD", "NEARLINE", "COLDLINE", "ARCHIVE", "MULTI_REGIONAL", "REGIONAL", "DURABLE_REDUCED_AVAILABILITY"];
/** https://cloud.google.com/storage/docs/locations */
const MULTI_REGIONS = ["us", "eu", "asia"];
const DUAL_REGIONS = ["nam4", "eur4", "eur5", "eur7", "eur8", "asia1"];
/** https://cloud.google.com/storage/docs/lifecycle#actions */
const ACTIONS = ["Delete", "SetStorageClass", "AbortIncompleteMultipartUpload"];
const MOST_RULES = 100;
const DAY_SECONDS = 24 * 60 * 60;

/** @throws ReasonError for an invalid name. https://cloud.google.com/storage/docs/buckets#naming */
export function checkBucketName(name: string): void {
    const parts = name.split(".");
    const fits = /^[a-z0-9][a-z0-9._-]*[a-z0-9]$/.test(name) && name.length >= 3 && name.length <= (parts.length > 1 ? 222 : 63);
    const isAddress = /^\d+(\.\d+){3}$/.test(name);
    const isGoogles = name.startsWith("goog") || /g[o0]{2}g[l1]e/.test(name);
    ensure(fits && !isAddress && !isGoogles && !parts.some((part) => part === "" || part.length > 63), `Invalid bucket name: '${name}'`);
}

/** Returns the location type of a bucket. @throws ReasonError for an unknown location */
export function locationType(location: string, { customPlacementConfig }: JsonObject): "region" | "dual-region" | "multi-region" {
    const lower = location.toLowerCase();
    const all = listAt(customPlacementConfig, "dataLocations").map((region) => textOrEmpty(region).toLowerCase());
    try {
        checkRegion(lower, [...MULTI_REGIONS, ...DUAL_REGIONS]);
        all.forEach((region) => checkRegion(region, []));
    } catch {
        throw invalid("The specified location constraint is not valid.");
    }
    if (all.length > 0 && (all.length !== 2 || !MULTI_REGIONS.includes(lower))) {
        throw invalid("A custom placement configuration must have two regions of a multi-region.");
    }
    if (all.length > 0 || DUAL_REGIONS.includes(lower)) {
        return "dual-region";
    }
    return MULTI_REGIONS.includes(lower) ? "multi-region" : "region";
}

/** @throws ReasonError if Cloud Storage would reject this configuration */
export function checkBucket(bucket: JsonObject): void {
    checkLabels(bucket.labels);
    checkClass(bucket.storageClass ?? "STANDARD");
    checkLifecycle(listAt(bucket, "lifecycle", "rule"));
    const access = valueAt(bucket, "iamConfiguration", "publicAccessPrevention");
    if (access !== undefined && !["inherited", "unspecified", "enforced"].includes(textOrEmpty(access))) {
        throw invalid(`Invalid value for publicAccessPrevention: '${textOrEmpty(access)}'`);
    }
    const kept = Number(valueAt(bucket, "softDeletePolicy", "retentionDurationSeconds") ?? 0);
    if (kept !== 0 && (kept < 7 * DAY_SECONDS || kept > 90 * DAY_SECONDS)) {
        throw invalid("Soft delete policy retention duration must be 0, or between 7 and 90 days.");
    }
    const retention = valueAt(bucket, "retentionPolicy", "retentionPeriod");
    if (retention !== undefined && !(Number(retention) > 0 && Number(retention) <= 100 * 365 * DAY_SECONDS)) {
        throw invalid("Retention period must be greater than 0 and at most 100 years.");
    }
}

function checkClass(value: JsonValue): void {
    ensure(CLASSES.includes(textOrEmpty(value)), `Invalid storage class: '${textOrEmpty(value)}'`);
}

function checkLifecycle(rules: readonly JsonValue[]): void {
    ensure(rules.length <= MOST_RULES, `A bucket can have at most ${MOST_RULES} lifecycle rules.`);
    for (const rule of rules) {
        const [type, storageClass] = [textAt(rule, "action", "type"), valueAt(rule, "action", "storageClass")];
        const condition = valueAt(rule, "condition");
        ensure(ACTIONS.includes(type), `Invalid lifecycle action: '${type}'`);
        if (!isJsonObject(condition) || Object.keys(condition).length === 0) {
            throw invalid("A lifecycle management rule must have at least one condition.");
        }
        if (type === "SetStorageClass") {
            checkClass(storageClass ?? "");
        }
    }
}

/**
 * Checks what an update must not change.
 * @param lockedTime time from which uniform bucket-level access is permanent
 * @throws ReasonError
 */
export function checkChange(before: JsonObject, after: JsonObject, name: string, lockedTime: JsonValue | undefined): void {
    for (const field of ["location", "customPlacementConfig", "hierarchicalNamespace"]) {
        ensure(JSON.stringify(before[field]) === JSON.stringify(after[field]), `Cannot change the ${field} of bucket '${name}'.`);
    }
    const uniform = (bucket: JsonObject): boolean => valueAt(bucket, "iamConfiguration", "uniformBucketLevelAccess", "enabled") === true;
    if (uniform(before) && !uniform(after) && Date.parse(textOrEmpty(lockedTime)) < Date.now()) {
        throw invalid("Cannot disable uniform bucket-level access after the 90-day window for changing it.");
    }
    if (valueAt(before, "retentionPolicy", "isLocked") === true) {
        const [old, now] = [before, after].map((bucket) => Number(valueAt(bucket, "retentionPolicy", "retentionPeriod") ?? 0));
        if ((now ?? 0) < (old ?? 0)) {
            throw new ReasonError(403, `Cannot reduce retention duration of a locked Retention Policy for bucket '${name}'.`, "forbidden");
        }
    }
}

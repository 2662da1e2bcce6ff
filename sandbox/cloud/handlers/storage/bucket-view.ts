import { projectNumber } from "../../generated";
import { isJsonObject, type JsonObject, type JsonValue, textOrEmpty, valueAt } from "../../json";
import type { Entry } from "../../ledger";
import { locationType } from "./bucket-rules";

/** Time in which uniform bucket-level access can be disabled. https://cloud.google.com/storage/docs/uniform-bucket-level-access#should-you-use */
const LOCK_AFTER_MS = 90 * 24 * 60 * 60 * 1000;
/** Seven days, unless the bucket sets another duration. https://cloud.google.com/storage/docs/soft-delete */
const SOFT_DELETE_SECONDS = "604800";

/** Values that only the API sets: the project, the counters, and when policies took effect. */
export function firstState(bucket: JsonObject, project: string): JsonObject {
    const state = { project, generation: `${Date.now() * 1000}`, metageneration: "1" };
    return { ...state, ...times({}, bucket, {}) };
}

/** Returns the state after a change. */
export function nextState(before: JsonObject, bucket: JsonObject, old: JsonObject): JsonObject {
    return { ...old, metageneration: `${Number(old.metageneration) + 1}`, ...times(before, bucket, old) };
}

function times(before: JsonObject, bucket: JsonObject, old: JsonObject): JsonObject {
    const now = new Date();
    const uniform = isUniform(bucket);
    const since = (field: string): JsonValue =>
        JSON.stringify(before[field]) === JSON.stringify(bucket[field]) ? (old[field] ?? now.toISOString()) : now.toISOString();
    return {
        softDeletePolicy: since("softDeletePolicy"),
        retentionPolicy: since("retentionPolicy"),
        autoclass: since("autoclass"),
        lockedTime: !uniform ? undefined : (old.lockedTime ?? new Date(now.getTime() + LOCK_AFTER_MS).toISOString()),
    };
}

/** Whether uniform bucket-level access is enabled. */
export function isUniform(bucket: JsonObject): boolean {
    return valueAt(bucket, "iamConfiguration", "uniformBucketLevelAccess", "enabled") === true;
}

/** The etag of a metageneration: a protocol buffer with one number. */
export function etagOf(metageneration: number): string {
    const bytes = [8];
    let rest = metageneration;
    for (; rest > 127; rest = Math.floor(rest / 128)) {
        bytes.push((rest % 128) + 128);
    }
    return Buffer.from([...bytes, rest]).toString("base64");
}

/** A bucket as the API returns it. */
export function bucketView({ id, inputs, provisioned, createdAt, updatedAt }: Entry): JsonObject {
    const { project, generation, metageneration, lockedTime } = provisioned;
    const location = textOrEmpty(inputs.location);
    const type = locationType(location, inputs);
    const access = { enabled: isUniform(inputs), ...(lockedTime !== undefined && { lockedTime }) };
    return {
        kind: "storage#bucket",
        selfLink: `https://www.googleapis.com/storage/v1/b/${id}`,
        id,
        name: id,
        projectNumber: projectNumber(textOrEmpty(project)),
        generation,
        metageneration,
        ...inputs,
        location,
        storageClass: inputs.storageClass ?? "STANDARD",
        etag: etagOf(Number(metageneration)),
        timeCreated: createdAt,
        updated: updatedAt,
        locationType: type,
        ...(type !== "region" && { rpo: inputs.rpo ?? "DEFAULT" }),
        softDeletePolicy: {
            retentionDurationSeconds: SOFT_DELETE_SECONDS,
            ...(isJsonObject(inputs.softDeletePolicy) && inputs.softDeletePolicy),
            effectiveTime: provisioned.softDeletePolicy,
        },
        ...(isJsonObject(inputs.retentionPolicy) && {
            retentionPolicy: { ...inputs.retentionPolicy, effectiveTime: provisioned.retentionPolicy },
        }),
        ...(isJsonObject(inputs.autoclass) && { autoclass: autoclassView(inputs.autoclass, provisioned.autoclass) }),
        iamConfiguration: {
            bucketPolicyOnly: access,
            uniformBucketLevelAccess: access,
            publicAccessPrevention: valueAt(inputs, "iamConfiguration", "publicAccessPrevention") ?? "inherited",
        },
    };
}

/** https://cloud.google.com/storage/docs/json_api/v1/buckets#autoclass */
function autoclassView(autoclass: JsonObject, since: JsonValue | undefined): JsonObject {
    const terminal = autoclass.enabled === true ? { terminalStorageClass: "NEARLINE", terminalStorageClassUpdateTime: since } : {};
    return { toggleTime: since, ...terminal, ...autoclass };
}

import { createHash } from "node:crypto";
import { ensure, invalid } from "../../api/api-error";
import { isJsonList, isJsonObject, type JsonObject, type JsonValue, listAt, objectAt, textAt, textOrEmpty, valueAt } from "../../json";
import type { Entry } from "../../ledger";
import { checkRegion } from "../../locations";
import { checkLabels } from "../common/labels";

/** https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets */
const ID = /^[a-zA-Z0-9_-]{1,255}$/;
const MOST_TOPICS = 10;
const MOST_ANNOTATION_BYTES = 16 * 1024;
const LEAST_ROTATION_SECONDS = 3600;

/** @throws ApiError for an invalid secret ID */
export function checkSecretId(id: string): void {
    ensure(ID.test(id), `The provided Secret ID [${id}] does not match the expected format [[a-zA-Z_0-9]+]`);
}

/** @throws ApiError if Secret Manager would reject this configuration */
export function checkSecret(secret: JsonObject): void {
    checkLabels(secret.labels);
    const annotations = Object.entries(objectAt(secret.annotations)).flat();
    if (Buffer.byteLength(annotations.map((text) => textOrEmpty(text)).join("")) > MOST_ANNOTATION_BYTES) {
        throw invalid(`Annotations must have at most ${MOST_ANNOTATION_BYTES} bytes in total.`);
    }
    checkReplication(secret.replication);
    const topics = listAt(secret.topics);
    ensure(topics.length <= MOST_TOPICS, `A secret can have at most ${MOST_TOPICS} topics, not ${topics.length}.`);
    checkRotation(secret.rotation, topics.length > 0);
    if (typeof secret.expireTime === "string" && Date.parse(secret.expireTime) < Date.now()) {
        throw invalid("Secret.expire_time must be in the future.");
    }
}

/** https://cloud.google.com/secret-manager/docs/choosing-replication */
function checkReplication(replication: JsonValue | undefined): void {
    const kinds = isJsonObject(replication) ? Object.keys(replication) : [];
    ensure(kinds.length === 1, "Secret.replication must have either automatic or user_managed.");
    const replicas = valueAt(replication, "userManaged", "replicas");
    if (kinds[0] === "userManaged" && (!isJsonList(replicas) || replicas.length === 0)) {
        throw invalid("Secret.replication.user_managed must have at least one replica.");
    }
    const locations = listAt(replicas).map((replica) => textAt(replica, "location"));
    locations.forEach((location) => checkRegion(location, []));
    ensure(new Set(locations).size >= locations.length, "Secret.replication.user_managed must not have a location twice.");
}

/** https://cloud.google.com/secret-manager/docs/rotation-recommendations */
function checkRotation(rotation: JsonValue | undefined, hasTopics: boolean): void {
    if (!isJsonObject(rotation)) {
        return;
    }
    const { rotationPeriod, nextRotationTime } = rotation;
    ensure(hasTopics, "A secret with a rotation must have at least one topic.");
    if (typeof rotationPeriod === "string" && Number.parseFloat(rotationPeriod) < LEAST_ROTATION_SECONDS) {
        throw invalid(`Rotation.rotation_period must be at least ${LEAST_ROTATION_SECONDS} seconds.`);
    }
    if (rotationPeriod !== undefined && nextRotationTime === undefined) {
        throw invalid("Rotation.next_rotation_time must be set if Rotation.rotation_period is set.");
    }
}

/** @throws ApiError if the caller's etag is not the current one. https://cloud.google.com/secret-manager/docs/etags */
export function checkEtag(given: JsonValue | undefined, current: string): void {
    ensure(
        given === undefined || given === "" || given === current,
        `The etag provided in the request [${textOrEmpty(given)}] does not match the current etag [${current}].`,
        "FAILED_PRECONDITION",
    );
}

/** The etag of a secret or a version. */
export function etagOf({ id, inputs, provisioned, updatedAt }: Entry): string {
    const state = JSON.stringify([id, inputs, provisioned.state, updatedAt]);
    return `"${createHash("sha256").update(state).digest("hex").slice(0, 14)}"`;
}

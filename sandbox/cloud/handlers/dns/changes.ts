import { isDeepStrictEqual } from "node:util";
import { type ApiError, ensure } from "../../api/api-error";
import { isJsonList, type JsonObject, objectsAt, textOrEmpty } from "../../json";
import type { Entry } from "../../ledger";
import { alreadyExists, conditionNotMet, ReasonError } from "../common/reason-error";
import type { Resources } from "../common/resources";
import { labelOf, type RecordSets } from "./record-sets";

/**
 * Applies a change to a zone: deletions first, all or nothing. https://cloud.google.com/dns/docs/reference/rest/v1/changes/create
 * @returns the change as the API reports it
 * @throws ReasonError if the API rejects a part of it
 */
export function changed(zone: Entry, body: JsonObject, zones: Resources, records: RecordSets): JsonObject {
    const [deletions, additions] = [objectsAt(body.deletions), objectsAt(body.additions)];
    const required = (message: string): ApiError => new ReasonError(400, message, "required");
    ensure(deletions.length + additions.length > 0, "The 'entity.change' parameter is required but was missing.", required);
    for (const [position, record] of deletions.entries()) {
        const at = `'entity.change.deletions[${position}]'`;
        const found = records.find(zone, record);
        ensure(found !== undefined, `The ${at} resource named '${labelOf(record)}' does not exist.`, "NOT_FOUND");
        ensure(isDeepStrictEqual(contentOf(found), contentOf(record)), `Precondition not met for ${at}`, conditionNotMet);
    }
    for (const [position, record] of additions.entries()) {
        const at = `entity.change.additions[${position}]`;
        const name = textOrEmpty(record.name);
        const domain = textOrEmpty(zone.inputs.dnsName);
        const isInside = HOST_NAME.test(name) && name.endsWith(`.${domain}`);
        ensure(name === domain || isInside, `Invalid value for '${at}.name': '${name}'`);
        const isFree = records.find(zone, record) === undefined || deletions.some((deleted) => labelOf(deleted) === labelOf(record));
        ensure(isFree, `The resource '${at}' named '${labelOf(record)}' already exists`, alreadyExists);
    }
    deletions.forEach((record) => records.remove(zone, record));
    additions.forEach((record) => records.put(zone, record));
    const id = String(Object.keys(zone.provisioned).length + 1);
    const change = { kind: "dns#change", id, startTime: new Date().toISOString(), status: "done", ...body };
    zones.put(zone, { provisioned: { ...zone.provisioned, [`change ${id}`]: change } });
    return change;
}

const HOST_NAME = /^(\*\.)?([a-z0-9_]([-a-z0-9_]*[a-z0-9_])?\.)+$/i;

/** What a deletion must match. */
function contentOf({ ttl = 0, rrdatas = [] }: JsonObject): JsonObject {
    return { ttl, rrdatas: isJsonList(rrdatas) ? rrdatas.map(String).sort() : rrdatas };
}

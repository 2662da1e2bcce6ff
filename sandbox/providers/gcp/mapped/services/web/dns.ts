import { isDeepStrictEqual } from "node:util";
import type { Document } from "../../../../../cloud/discovery/document";
import document from "../../../../../cloud/discovery/documents/web/dns.v1beta2.json";
import { RECORD_SET, recordId } from "../../../../../cloud/handlers/dns/record-sets";
import { MANAGED_ZONE, zoneInputs } from "../../../../../cloud/handlers/dns/zones";
import { isJsonList, isJsonObject, type JsonObject, textOrEmpty } from "../../../../../cloud/json";
import { parentOf } from "../../../../../cloud/resource-name";
import type { ApiClient } from "../../api-client";
import type { Current, MappedType } from "../../mapped-type";
import { nameTemplate } from "../../name-template";
import { rfc1035 } from "../../name-rule";
import { restType } from "../../rest-type";

const ZONES = "dns.googleapis.com/dns/v1beta2";
/** The official provider uses another version for record sets. */
const RECORDS = "dns.googleapis.com/dns/v1";
const ZONE_TOKEN = "gcp:dns/managedZone:ManagedZone";

const ZONE = nameTemplate("projects/{project}/managedZones/{managedZone}");

/** The fields of a record set in the API. */
function recordOf({ name, type, ttl, rrdatas, routingPolicy }: JsonObject): JsonObject {
    return { name, type, ttl, rrdatas, routingPolicy };
}

async function change(client: ApiClient, zone: string, body: JsonObject): Promise<void> {
    const { id } = await client.call("POST", `${RECORDS}/${zone}/changes`, body);
    await client.call("GET", `${RECORDS}/${zone}/changes/${textOrEmpty(id)}`);
}

async function find(client: ApiClient, id: string): Promise<JsonObject | undefined> {
    const [zone = "", record = ""] = id.split("/rrsets/");
    const [name = "", type = ""] = record.split("/");
    const list = await client.find("GET", `${RECORDS}/${zone}/rrsets?name=${encodeURIComponent(name)}&type=${type}`);
    return isJsonList(list?.rrsets) ? list.rrsets.find(isJsonObject) : undefined;
}

const idOfRecord = (inputs: JsonObject): string => recordId(ZONE.fill(inputs), inputs);
const current = (id: string, inputs: JsonObject): Current => ({ id, inputs, outputs: inputs });

/** A record set, which changes of its zone create, replace and delete. */
const recordSet: MappedType = {
    id: idOfRecord,
    async create(client, inputs) {
        await change(client, ZONE.fill(inputs), { additions: [recordOf(inputs)] });
        return current(idOfRecord(inputs), inputs);
    },
    async read(client, id, given) {
        const record = await find(client, id);
        const [, project, , managedZone] = id.split("/");
        return record === undefined ? undefined : current(id, { ...(given ?? { project, managedZone }), ...recordOf(record) });
    },
    async update(client, id, inputs, oldInputs) {
        const zone = ZONE.fill(inputs);
        await change(client, zone, { deletions: [recordOf(oldInputs as JsonObject)], additions: [recordOf(inputs)] });
        return current(id, inputs);
    },
    async delete(client, id, inputs) {
        if ((await find(client, id)) !== undefined) {
            await change(client, id.split("/rrsets/")[0] ?? "", { deletions: [recordOf(inputs)] });
        }
    },
    findIn(ledger, inputs) {
        const id = idOfRecord(inputs);
        const entry = ledger.find((entry) => entry.type === RECORD_SET && entry.id === id);
        const wanted = JSON.parse(JSON.stringify(recordOf(inputs))) as JsonObject;
        return isDeepStrictEqual(entry?.inputs, wanted) ? id : undefined;
    },
};

/** Cloud DNS types, by token. */
export const dns: Readonly<Record<string, MappedType>> = {
    [ZONE_TOKEN]: restType({
        ...{ token: ZONE_TOKEN, asset: MANAGED_ZONE, document: document as Document, api: ZONES, schema: "ManagedZone" },
        id: nameTemplate("projects/{project}/managedZones/{name}"),
        createRequest: (id, body) => ({ path: parentOf(id), body }),
        patchRequest: (path, body, fields) => ({ path, body: Object.fromEntries(fields.map((field) => [field, body[field] ?? {}])) }),
        kept: zoneInputs,
        name: rfc1035(),
        notInBody: ["project", "forceDestroy", "deletionPolicy", "reverseLookup"],
        defaults: { forceDestroy: false, visibility: "public" },
        optionalComputed: ["cloudLoggingConfig", "dnssecConfig"],
        computed: ({ id }) => ({ managedZoneId: Number(id) }),
    }),
    "gcp:dns/recordSet:RecordSet": recordSet,
};

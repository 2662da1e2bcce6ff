import { ApiError, ensure } from "../../api/api-error";
import { apiService, type ApiService, type Call, textOf } from "../../api/service";
import v1 from "../../discovery/documents/web/dns.v1.json";
import v1beta2 from "../../discovery/documents/web/dns.v1beta2.json";
import { generatedNumber } from "../../generated";
import { type JsonObject, textOrEmpty } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { shortName } from "../../resource-name";
import { pageOf } from "../common/pages";
import { alreadyExists, ReasonError, reasonErrorBody } from "../common/reason-error";
import { Resources } from "../common/resources";
import { changed } from "./changes";
import { NAME_SERVERS, RecordSets } from "./record-sets";

/** Ledger type of managed zones. */
export const MANAGED_ZONE = "dns.googleapis.com/ManagedZone";

/** https://cloud.google.com/dns/docs/reference/rest/v1/managedZones/list */
const MOST_OF_A_PAGE = 1000;

/** Cloud DNS v1 and v1beta2: managed zones and their record sets. No name server answers for them. */
export function dns(ledger: Ledger): readonly ApiService[] {
    const missing = (id: string): ApiError =>
        new ApiError("NOT_FOUND", `The 'parameters.managedZone' resource named '${shortName(id)}' does not exist.`);
    const zones = new Resources(ledger, MANAGED_ZONE, missing);
    const records = new RecordSets(ledger);
    const find = (call: Call): Entry => zones.get(`projects/${textOf(call, "project")}/managedZones/${textOf(call, "managedZone")}`);

    const handlers: ApiService["handlers"] = {
        "dns.managedZones.create": ({ parameters, body }) => {
            const name = textOrEmpty(body.name);
            const id = `projects/${textOf({ parameters }, "project")}/managedZones/${name}`;
            checkZone(body);
            ensure(zones.find(id) === undefined, `The resource 'entity.managedZone' named '${name}' already exists`, alreadyExists);
            return viewOf(zones.create(id, zoneInputs(body)));
        },
        "dns.managedZones.get": (call) => viewOf(find(call)),
        "dns.managedZones.list": (call) => {
            const all = zones.list(`projects/${textOf(call, "project")}/managedZones`).map(viewOf);
            const { dnsName } = call.parameters;
            return listOf("managedZones", call, dnsName === undefined ? all : all.filter((zone) => zone.dnsName === dnsName));
        },
        "dns.managedZones.patch": (call) => {
            const entry = find(call);
            const inputs = { ...entry.inputs, ...call.body, name: entry.inputs.name };
            checkZone(inputs);
            const zoneContext = { newValue: viewOf(zones.put(entry, { inputs })) };
            return { kind: "dns#operation", type: "update", status: "done", zoneContext };
        },
        "dns.managedZones.delete": (call) => {
            const entry = find(call);
            const problem = `The resource named '${shortName(entry.id)}' cannot be deleted because it contains one or more 'resource records'.`;
            ensure(records.added(entry).length === 0, problem, (message) => new ReasonError(400, message, "containerNotEmpty"));
            zones.delete(entry.id);
            return undefined;
        },
        "dns.resourceRecordSets.list": (call) => {
            const { name, type } = call.parameters;
            const found = records
                .of(find(call))
                .filter((record) => (name === undefined || record.name === name) && (type === undefined || record.type === type));
            return listOf("rrsets", call, found);
        },
        "dns.resourceRecordSets.get": (call) => records.get(find(call), call.parameters),
        "dns.resourceRecordSets.create": (call) => {
            changed(find(call), { additions: [call.body] }, zones, records);
            return records.get(find(call), call.body);
        },
        "dns.resourceRecordSets.patch": (call) => {
            const before = records.get(find(call), call.parameters);
            const after = { ...before, ...call.body };
            changed(find(call), { deletions: [before], additions: [after] }, zones, records);
            return records.get(find(call), after);
        },
        "dns.resourceRecordSets.delete": (call) => {
            changed(find(call), { deletions: [records.get(find(call), call.parameters)] }, zones, records);
            return {};
        },
        "dns.changes.create": (call) => changed(find(call), call.body, zones, records),
        "dns.changes.list": (call) => {
            const changes = Object.entries(find(call).provisioned).filter(([name]) => name.startsWith("change "));
            const all = changes.map(([, change]) => change as JsonObject);
            return listOf("changes", call, call.parameters.sortOrder === "descending" ? all.reverse() : all);
        },
        "dns.changes.get": (call) => {
            const [entry, id] = [find(call), textOf(call, "changeId")];
            const change = entry.provisioned[`change ${id}`];
            ensure(change !== undefined, `The 'parameters.changeId' resource named '${id}' does not exist.`, "NOT_FOUND");
            return change as JsonObject;
        },
    };
    return [v1, v1beta2].map((document) => apiService(document, handlers, { errorBody: reasonErrorBody }));
}

function listOf(field: string, { parameters }: Call, items: readonly JsonObject[]): JsonObject {
    const kind = `dns#${field === "rrsets" ? "resourceRecordSets" : field}ListResponse`;
    return { kind, ...pageOf(field, items, { ...parameters, pageSize: parameters.maxResults ?? 0 }, MOST_OF_A_PAGE) };
}

/** Returns the fields that the ledger keeps. A public zone is visible everywhere. */
export function zoneInputs({ privateVisibilityConfig, ...inputs }: JsonObject): JsonObject {
    return inputs.visibility === "private" ? { ...inputs, privateVisibilityConfig } : inputs;
}

/** https://cloud.google.com/dns/docs/reference/rest/v1/managedZones */
function checkZone({ name, dnsName, description }: JsonObject): void {
    const fields = [
        ["name", name, /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/],
        ["dnsName", dnsName, /^([a-z0-9_]([-a-z0-9_]*[a-z0-9_])?\.)+$/],
        ["description", description ?? "", /^[^]{0,1024}$/],
    ] as const;
    for (const [field, value, pattern] of fields) {
        ensure(pattern.test(textOrEmpty(value)), `Invalid value for 'entity.managedZone.${field}': '${textOrEmpty(value)}'`);
    }
}

/** A zone as the API returns it. */
function viewOf({ inputs, uuid, createdAt }: Entry): JsonObject {
    return {
        ...{ kind: "dns#managedZone", id: generatedNumber(uuid, 18), creationTime: createdAt },
        ...{ visibility: "public", description: "", nameServers: NAME_SERVERS, ...inputs },
        cloudLoggingConfig: {
            kind: "dns#managedZoneCloudLoggingConfig",
            enableLogging: false,
            ...(inputs.cloudLoggingConfig as JsonObject),
        },
    };
}

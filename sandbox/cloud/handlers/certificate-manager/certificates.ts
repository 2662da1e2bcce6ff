import { badRequest, invalid } from "../../api/api-error";
import { apiService, type ApiService, textOf } from "../../api/service";
import document from "../../discovery/documents/web/certificatemanager.v1.json";
import { type JsonObject, listAt, textOrEmpty, valueAt } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { type Collection, collectionMethods, longRunning, regionalId, timedView } from "../common/collection";
import { checkLabels } from "../common/labels";
import { Operations } from "../common/operations";
import { missing, Resources } from "../common/resources";
import { locationMethods } from "../locations";

const METHODS = "certificatemanager.projects.locations";
const HOST = "certificatemanager.googleapis.com";
const TYPE_URL = "type.googleapis.com/google.cloud.certificatemanager.v1";

/** Ledger types. */
export const CERTIFICATE = `${HOST}/Certificate`;
export const CERTIFICATE_MAP = `${HOST}/CertificateMap`;
export const CERTIFICATE_MAP_ENTRY = `${HOST}/CertificateMapEntry`;
export const DNS_AUTHORIZATION = `${HOST}/DnsAuthorization`;

/** Certificate Manager v1: certificates, maps with their entries, and DNS authorizations. Managed certificates stay in the state PROVISIONING. */
export function certificates(ledger: Ledger): ApiService {
    const operations = new Operations();
    /** Refuses to delete a resource that one of a type names. */
    const checkUnused = (text: string, type: string, problem: string): void => {
        if (ledger.list().some((entry) => entry.type === type && JSON.stringify([entry.id, entry.inputs]).includes(`"${text}`))) {
            throw invalid(problem);
        }
    };
    const methods = (
        name: string,
        asset: string,
        idParameter: string,
        own: Pick<Collection, "view"> & Partial<Pick<Collection, "check" | "remove">>,
    ) => {
        const schema = asset.slice(`${HOST}/`.length);
        const metadata = (verb: string, target: string): JsonObject => ({
            "@type": `${TYPE_URL}.OperationMetadata`,
            verb,
            target,
            apiVersion: "v1",
        });
        return collectionMethods({
            ...{ document, prefix: `${METHODS}.${name}`, resources: new Resources(ledger, asset, missing), schema },
            ...regionalId(idParameter, /^[a-z]([-a-z0-9_]{0,61}[a-z0-9])?$/, ["global"]),
            answer: longRunning(operations, `${TYPE_URL}.${schema}`, own.view, metadata),
            ...own,
            check: (id, inputs) => {
                checkLabels(inputs.labels);
                own.check?.(id, inputs);
            },
        });
    };

    return apiService(document, {
        ...locationMethods(METHODS, ["global"]),
        ...methods("certificates", CERTIFICATE, "certificateId", {
            view: certificateView,
            check: checkCertificate,
            remove: ({ id }) =>
                checkUnused(`${id}"`, CERTIFICATE_MAP_ENTRY, "can't delete certificate that is referenced by a CertificateMapEntry"),
        }),
        ...methods("certificateMaps", CERTIFICATE_MAP, "certificateMapId", {
            view: timedView,
            remove: ({ id }) => checkUnused(`${id}/`, CERTIFICATE_MAP_ENTRY, "can't delete certificate map that has entries"),
        }),
        ...methods("certificateMaps.certificateMapEntries", CERTIFICATE_MAP_ENTRY, "certificateMapEntryId", {
            view: (entry) => ({ ...timedView(entry), state: "ACTIVE" }),
            check: checkEntry,
        }),
        ...methods("dnsAuthorizations", DNS_AUTHORIZATION, "dnsAuthorizationId", {
            view: authorizationView,
            remove: ({ id }) => checkUnused(`${id}"`, CERTIFICATE, "can't delete DNS authorization that is referenced by a Certificate"),
        }),
        [`${METHODS}.operations.get`]: (call) => operations.get(textOf(call, "name")),
    });
}

function checkCertificate(_: string, inputs: JsonObject): void {
    const violations = listAt(inputs, "managed", "dnsAuthorizations").flatMap((authorization, position) =>
        /^projects\/[^/]+\/locations\/[^/]+\/dnsAuthorizations\/[^/]+$/.test(textOrEmpty(authorization))
            ? []
            : [{ field: `managed.dns_authorizations[${position}]`, description: "invalid name" }],
    );
    if (violations.length > 0) {
        throw badRequest(violations, "Validation failed");
    }
}

function checkEntry(name: string, inputs: JsonObject): void {
    const own = `${name.slice(0, name.indexOf("/certificateMaps/"))}/certificates/`;
    const foreign = listAt(inputs.certificates)
        .map(textOrEmpty)
        .find((certificate) => !certificate.startsWith(own));
    if (foreign !== undefined) {
        throw badRequest([{ field: "certificates", description: `invalid certificate name "${foreign}"` }]);
    }
}

function certificateView(entry: Entry): JsonObject {
    const { managed, selfManaged, scope = "DEFAULT" } = entry.inputs;
    return {
        ...timedView(entry),
        ...{ scope, sanDnsnames: valueAt(managed, "domains") },
        ...(managed !== undefined && { managed: { ...(managed as JsonObject), state: "PROVISIONING" } }),
        // The API does not return private keys.
        ...(selfManaged !== undefined && { selfManaged: {}, pemCertificate: valueAt(selfManaged, "pemCertificate") }),
    };
}

function authorizationView(entry: Entry): JsonObject {
    const { domain, type = "FIXED_RECORD" } = entry.inputs;
    const data = `${entry.uuid}.4.authorize.certificatemanager.goog.`;
    return { ...timedView(entry), type, dnsResourceRecord: { name: `_acme-challenge.${textOrEmpty(domain)}.`, type: "CNAME", data } };
}

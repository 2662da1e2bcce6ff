import type { Document } from "../../../../../cloud/discovery/document";
import document from "../../../../../cloud/discovery/documents/web/certificatemanager.v1.json";
import {
    CERTIFICATE,
    CERTIFICATE_MAP,
    CERTIFICATE_MAP_ENTRY,
    DNS_AUTHORIZATION,
} from "../../../../../cloud/handlers/certificate-manager/certificates";
import { type JsonObject, textOrEmpty } from "../../../../../cloud/json";
import { shortName } from "../../../../../cloud/resource-name";
import { type MappedType, required } from "../../mapped-type";
import { rfc1035 } from "../../name-rule";
import { createIn, patchWithMask, restType } from "../../rest-type";

const CERTIFICATE_TOKEN = "gcp:certificatemanager/certificate:Certificate";
const MAP_TOKEN = "gcp:certificatemanager/certificateMap:CertificateMap";
const ENTRY_TOKEN = "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry";
const AUTHORIZATION_TOKEN = "gcp:certificatemanager/dnsAuthorization:DnsAuthorization";

const COMMON = {
    ...{ document: document as Document, api: "certificatemanager.googleapis.com/v1", longRunning: true, name: rfc1035() },
    patchRequest: patchWithMask,
    notInBody: ["project", "location", "name", "deletionPolicy"],
} as const;

const idIn =
    (collection: string) =>
    (inputs: JsonObject): string =>
        `projects/${required(inputs, "project")}/locations/${textOrEmpty(inputs.location) || "global"}/${collection}/${required(inputs, "name")}`;

const mapOf = (inputs: JsonObject): string =>
    `projects/${required(inputs, "project")}/locations/global/certificateMaps/${shortName(required(inputs, "map"))}`;

/** Certificate Manager types, by token. */
export const certificateManager: Readonly<Record<string, MappedType>> = {
    [CERTIFICATE_TOKEN]: restType({
        ...{ ...COMMON, token: CERTIFICATE_TOKEN, asset: CERTIFICATE, schema: "Certificate" },
        id: idIn("certificates"),
        createRequest: createIn("certificateId"),
        inputOnly: ["selfManaged"],
        defaults: { location: "global", scope: "DEFAULT" },
        optionalComputed: ["managed"],
        computed: () => ({}),
    }),
    [MAP_TOKEN]: restType({
        ...{ ...COMMON, token: MAP_TOKEN, asset: CERTIFICATE_MAP, schema: "CertificateMap" },
        id: idIn("certificateMaps"),
        createRequest: createIn("certificateMapId"),
        optionalComputed: [],
        computed: ({ gclbTargets = [] }) => ({ gclbTargets }),
    }),
    [ENTRY_TOKEN]: restType({
        ...{ ...COMMON, token: ENTRY_TOKEN, asset: CERTIFICATE_MAP_ENTRY, schema: "CertificateMapEntry" },
        id: (inputs) => `${mapOf(inputs)}/certificateMapEntries/${required(inputs, "name")}`,
        createRequest: (id, body, inputs) => createIn("certificateMapEntryId")(id, { name: shortName(id), ...body }, inputs),
        partsOf: (id) => ({ project: id.split("/")[1], map: id.split("/")[5], name: shortName(id) }),
        notInBody: [...COMMON.notInBody, "map"],
        optionalComputed: [],
        computed: () => ({}),
    }),
    [AUTHORIZATION_TOKEN]: restType({
        ...{ ...COMMON, token: AUTHORIZATION_TOKEN, asset: DNS_AUTHORIZATION, schema: "DnsAuthorization" },
        id: idIn("dnsAuthorizations"),
        createRequest: createIn("dnsAuthorizationId"),
        defaults: { location: "global" },
        optionalComputed: ["type"],
        computed: ({ dnsResourceRecord }) => ({ dnsResourceRecords: dnsResourceRecord === undefined ? [] : [dnsResourceRecord] }),
    }),
};

import type { Document } from "../../../../../cloud/discovery/document";
import document from "../../../../../cloud/discovery/documents/web/certificatemanager.v1.json";
import {
    CERTIFICATE,
    CERTIFICATE_MAP,
    CERTIFICATE_MAP_ENTRY,
    DNS_AUTHORIZATION,
} from "../../../../../cloud/handlers/certificate-manager/certificates";
import { shortName } from "../../../../../cloud/resource-name";
import type { MappedType } from "../../mapped-type";
import { nameTemplate } from "../../name-template";
import { rfc1035 } from "../../name-rule";
import { createIn, restType } from "../../rest-type";

const CERTIFICATE_TOKEN = "gcp:certificatemanager/certificate:Certificate";
const MAP_TOKEN = "gcp:certificatemanager/certificateMap:CertificateMap";
const ENTRY_TOKEN = "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry";
const AUTHORIZATION_TOKEN = "gcp:certificatemanager/dnsAuthorization:DnsAuthorization";

const COMMON = {
    ...{ document: document as Document, api: "certificatemanager.googleapis.com/v1", longRunning: true, name: rfc1035() },
} as const;

/** Certificate Manager types, by token. */
export const certificateManager: Readonly<Record<string, MappedType>> = {
    [CERTIFICATE_TOKEN]: restType({
        ...{ ...COMMON, token: CERTIFICATE_TOKEN, asset: CERTIFICATE, schema: "Certificate" },
        id: nameTemplate("projects/{project}/locations/{location}/certificates/{name}"),
        createRequest: createIn("certificateId"),
        inputOnly: ["selfManaged"],
        defaults: { location: "global", scope: "DEFAULT" },
        optionalComputed: ["managed"],
    }),
    [MAP_TOKEN]: restType({
        ...{ ...COMMON, token: MAP_TOKEN, asset: CERTIFICATE_MAP, schema: "CertificateMap" },
        id: nameTemplate("projects/{project}/locations/global/certificateMaps/{name}"),
        createRequest: createIn("certificateMapId"),
        computed: ({ gclbTargets = [] }) => ({ gclbTargets }),
    }),
    [ENTRY_TOKEN]: restType({
        ...{ ...COMMON, token: ENTRY_TOKEN, asset: CERTIFICATE_MAP_ENTRY, schema: "CertificateMapEntry" },
        id: nameTemplate("projects/{project}/locations/global/certificateMaps/{map}/certificateMapEntries/{name}"),
        createRequest: (id, body, inputs) => createIn("certificateMapEntryId")(id, { name: shortName(id), ...body }, inputs),
    }),
    [AUTHORIZATION_TOKEN]: restType({
        ...{ ...COMMON, token: AUTHORIZATION_TOKEN, asset: DNS_AUTHORIZATION, schema: "DnsAuthorization" },
        id: nameTemplate("projects/{project}/locations/{location}/dnsAuthorizations/{name}"),
        createRequest: createIn("dnsAuthorizationId"),
        defaults: { location: "global" },
        optionalComputed: ["type"],
        computed: ({ dnsResourceRecord }) => ({ dnsResourceRecords: dnsResourceRecord === undefined ? [] : [dnsResourceRecord] }),
    }),
};

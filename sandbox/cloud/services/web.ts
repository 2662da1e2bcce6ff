import type { Draft } from "../draft";
import { rfc1035, type Service, shortName } from "../service";

const ZONE = "gcp:dns/managedZone:ManagedZone";
const MAP = "gcp:certificatemanager/certificateMap:CertificateMap";

function managed(draft: Draft, collection: string, name: string): string {
    return `projects/${draft.project}/locations/${draft.optionalText("location") ?? "global"}/${collection}/${name}`;
}

function zone(draft: Draft, name: string): string {
    return `projects/${draft.project}/managedZones/${shortName(name)}`;
}

function map(draft: Draft): string {
    return managed(draft, "certificateMaps", shortName(draft.text("map")));
}

/** Cloud DNS and Certificate Manager. */
export const web: Service = {
    [ZONE]: {
        id: (draft) => zone(draft, draft.text("name")),
        name: rfc1035(),
        outputs: ({ draft, createdAt }) => ({
            creationTime: createdAt,
            managedZoneId: Number(draft.number(15)),
            nameServers: ["a", "b", "c", "d"].map((letter) => `ns-cloud-${letter}1.googledomains.com.`),
        }),
    },
    "gcp:dns/recordSet:RecordSet": {
        id: (draft) => `${zone(draft, draft.text("managedZone"))}/rrsets/${draft.text("name")}/${draft.text("type")}`,
        references: (draft) => [{ type: ZONE, id: zone(draft, draft.text("managedZone")), onDelete: "refuse" }],
    },
    "gcp:certificatemanager/certificate:Certificate": {
        id: (draft) => managed(draft, "certificates", draft.text("name")),
        name: rfc1035(),
        outputs: () => ({ sanDnsnames: [] }),
    },
    [MAP]: { id: (draft) => managed(draft, "certificateMaps", draft.text("name")), name: rfc1035(), outputs: () => ({ gclbTargets: [] }) },
    "gcp:certificatemanager/certificateMapEntry:CertificateMapEntry": {
        id: (draft) => `${map(draft)}/certificateMapEntries/${draft.text("name")}`,
        name: rfc1035(),
        references: (draft) => [{ type: MAP, id: map(draft), onDelete: "refuse" }],
        outputs: () => ({ state: "ACTIVE" }),
    },
    "gcp:certificatemanager/dnsAuthorization:DnsAuthorization": {
        id: (draft) => managed(draft, "dnsAuthorizations", draft.text("name")),
        name: rfc1035(),
        outputs: ({ draft }) => ({
            dnsResourceRecords: [
                {
                    name: `_acme-challenge.${draft.text("domain")}.`,
                    type: "CNAME",
                    data: `${draft.uuid}.4.authorize.certificatemanager.goog.`,
                },
            ],
        }),
    },
};

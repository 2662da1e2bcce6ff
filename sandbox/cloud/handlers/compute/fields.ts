import { fingerprintOf, generatedNumber } from "../../generated";
import { isJsonList, isJsonObject, type JsonObject, type JsonValue, textOrEmpty, valueAt } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { shortName } from "../../resource-name";
import { mergePatch } from "../common/merge-patch";
import collections from "./collections.json";
import { nameIn, placeOf, withTexts } from "./names";
import { addressIn, boundsOf } from "./ranges";

/** A collection of resources. */
export interface Collection {
    /** Ledger type: an asset type of Cloud Asset Inventory. The entries have names of resources instead of URLs. */
    readonly asset: string;
    /** Kind without its prefix, which is also the path parameter with the name. */
    readonly kind: string;
    /** Last part of the collection's path. */
    readonly path: string;
    /** Methods that the sandbox serves. */
    readonly methods: readonly string[];
    /** Quota of the number of resources, and what it limits. */
    readonly metric: string;
    readonly quotaOf: "project" | "region";
    /** Fields that an insert must have. */
    readonly required: readonly string[];
    /** Fields that a patch can change. */
    readonly mutable: readonly string[];
    /** Values of fields that an insert omits. */
    readonly defaults: JsonObject;
    /** Values of fields inside objects and lists that an insert has. */
    readonly nested: Readonly<Record<string, JsonObject>>;
}

export type CollectionName = keyof typeof collections;
/** The collections, by their names in method IDs. */
export const COLLECTIONS: Readonly<Record<CollectionName, Collection>> = collections as never;

/** Fields of a body that the path has, or that only the API sets. */
const NOT_KEPT = ["fingerprint", "gatewayIPv4", "id", "labelFingerprint", "name", "region", "selfLink", "subnetworks", "users", "zone"];
/** Fields that are part of a request only. */
const REQUEST_ONLY = ["deleteBgpAlwaysCompareMed", "initialNatIps"];

/** Returns the fields of a body that the ledger keeps, with names instead of URLs. @param project as in `nameIn` */
export function keptFields(body: JsonObject, project?: string): JsonObject {
    const given = Object.fromEntries(Object.entries(body).filter(([name]) => !NOT_KEPT.includes(name)));
    const kept = JSON.stringify(given, (name, inner: unknown) => (REQUEST_ONLY.includes(name) ? undefined : inner));
    return withTexts(JSON.parse(kept) as JsonObject, (text) => nameIn(text, project) ?? text);
}

/** Fields that Compute Engine computes. */
const COMPUTED: Partial<Record<CollectionName, (entry: Entry, ledger: Ledger) => JsonObject>> = {
    networks: (entry, ledger) => {
        const inside = usersOf(ledger, entry.id, "network").flatMap(({ type, id }) => (type === COLLECTIONS.subnetworks.asset ? [id] : []));
        return { selfLinkWithId: entry.id.replace(/[^/]+$/, numberOf(entry)), ...(inside.length > 0 && { subnetworks: inside }) };
    },
    subnetworks: ({ inputs }) => ({
        fingerprint: fingerprintOf(inputs),
        gatewayAddress: addressIn(textOrEmpty(inputs.ipCidrRange), 1),
        enableFlowLogs: valueAt(inputs, "logConfig", "enable") === true,
    }),
    firewalls: ({ id, inputs: { network, direction, sourceTags, sourceServiceAccounts, sourceRanges, destinationRanges } }) => ({
        network: network ?? `${id.split("/", 3).join("/")}/networks/default`,
        ...(direction === "EGRESS" && { destinationRanges: destinationRanges ?? ["0.0.0.0/0"] }),
        ...(direction !== "EGRESS" && {
            sourceRanges: sourceRanges ?? ((sourceTags ?? sourceServiceAccounts) ? undefined : ["0.0.0.0/0"]),
        }),
    }),
    addresses: addressFields,
    globalAddresses: addressFields,
};

function addressFields(entry: Entry, ledger: Ledger): JsonObject {
    const { inputs, id } = entry;
    const users = usersOf(ledger, id, "address").map((user) => user.id);
    const subnet = textOrEmpty(ledger.get(COLLECTIONS.subnetworks.asset, textOrEmpty(inputs.subnetwork))?.inputs.ipCidrRange);
    // RFC 5737 reserves the range for documentation, so the address is never a real host.
    const range = subnet === "" ? "203.0.113.0/24" : subnet;
    const [first, end] = boundsOf(range);
    return {
        address: inputs.address ?? addressIn(range, 2 + (Number(numberOf(entry, 6)) % (end - first - 4))),
        ...(users.length > 0 ? { status: "IN_USE", users } : { status: "RESERVED" }),
        ...(inputs.addressType !== "INTERNAL" && { networkTier: inputs.networkTier ?? "PREMIUM" }),
        labelFingerprint: fingerprintOf(inputs.labels ?? {}),
    };
}

/** A resource as the API returns it, with names instead of URLs. */
export function viewOf(name: CollectionName, entry: Entry, ledger: Ledger): JsonObject {
    const { kind, defaults, nested } = COLLECTIONS[name];
    const inside = (value: JsonValue, defaults: JsonObject): JsonValue => (isJsonObject(value) ? { ...defaults, ...value } : value);
    return {
        ...{ kind: `compute#${kind}`, id: numberOf(entry), creationTimestamp: pacificTime(entry.createdAt), selfLink: entry.id },
        ...mergePatch(defaults, entry.inputs),
        ...Object.fromEntries(
            Object.entries(nested).flatMap(([field, values]) => {
                const value = entry.inputs[field];
                const filled = isJsonList(value) ? value.map((item) => inside(item, values)) : inside(value ?? null, values);
                return value === undefined ? [] : [[field, filled]];
            }),
        ),
        ...COMPUTED[name]?.(entry, ledger),
        ...{ name: shortName(entry.id), ...placeOf(entry.id) },
    };
}

/** Returns the resources that refer to a resource. @param kind field for short names, which clusters may have */
export function usersOf(ledger: Ledger, id: string, kind: string): readonly Entry[] {
    const project = id.split("/", 2).join("/");
    return ledger.list().filter((entry) => {
        let refers = entry.inputs[kind] === shortName(id) && entry.id.startsWith(`${project}/`);
        withTexts(entry.inputs, (text) => {
            refers ||= nameIn(text) === id;
            return text;
        });
        return refers;
    });
}

/** A generated numeric ID of a resource. */
export function numberOf({ uuid }: Pick<Entry, "uuid">, length = 19): string {
    return generatedNumber(uuid, length);
}

/** Converts a UTC time to the time zone of Compute Engine's timestamps, without daylight saving time. */
export function pacificTime(time: string): string {
    return new Date(Date.parse(time) - 8 * 60 * 60 * 1000).toISOString().replace("Z", "-08:00");
}

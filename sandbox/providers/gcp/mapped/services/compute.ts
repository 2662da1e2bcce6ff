import { isDeepStrictEqual } from "node:util";
import type { Document } from "../../../../cloud/discovery/document";
import document from "../../../../cloud/discovery/documents/compute.beta.json";
import { withoutNull } from "../../../../cloud/handlers/common/merge-patch";
import { findResourceType } from "../../catalogue";
import { type CollectionName, COLLECTIONS, keptFields } from "../../../../cloud/handlers/compute/fields";
import { nameIn, withTexts } from "../../../../cloud/handlers/compute/names";
import { boundsOf } from "../../../../cloud/handlers/compute/ranges";
import { isJsonList, isJsonObject, type JsonObject, type JsonValue, objectAt, textOrEmpty } from "../../../../cloud/json";
import { parentOf, shortName } from "../../../../cloud/resource-name";
import type { ApiClient } from "../api-client";
import mappings from "./compute.json";
import type { MappedType } from "../mapped-type";
import { nameTemplate } from "../name-template";
import { rfc1035 } from "../name-rule";
import { patchOf } from "../properties";
import { type RestType, restType } from "../rest-type";
import type { Conversion, Shape } from "../shape";

/** How a type is mapped, with all that is in the API as in the properties left out. */
interface Mapping extends Pick<RestType, "schema" | "optionalComputed" | "partial">, Required<Pick<Shape, "moved" | "renamed">> {
    readonly collection: CollectionName;
    readonly defaults: JsonObject;
}

/** The official provider uses the beta version, too. */
export const API = "compute.googleapis.com/compute/beta";

/** What all types of Compute Engine have in common. */
export const COMMON = {
    ...{ document: document as Document, api: API, keepsDefaults: true as const, longRunning: true, name: rfc1035() },
    kept: (body: JsonObject) => withoutNull(keptFields(body)),
} as const;

/** Objects that are a list with one element in the API. */
const SINGLE: Conversion = { toApi: (value) => [value], fromApi: (list) => (isJsonList(list) ? list[0] : undefined) };
/** Objects that enable a feature by their presence. In the API, a field enables it. */
const ENABLING: Conversion = {
    toApi: (value) => (isJsonObject(value) ? { enable: true, ...value } : undefined),
    fromApi: (value) => {
        const { enable, ...fields } = objectAt(value);
        return enable === true ? fields : undefined;
    },
};
const CONVERTED: Readonly<Record<string, Conversion>> = {
    ...{ logConfig: ENABLING, md5AuthenticationKeys: SINGLE, "snapshotSchedulePolicy.snapshotProperties.storageLocations": SINGLE },
    diskConsistencyGroupPolicy: { toApi: () => ({}), fromApi: () => ({ enabled: true }) },
};

/** Reads a resource. Its URLs are those of version 1, as in the official provider. */
export async function findLinked(client: ApiClient, name: string): Promise<JsonObject | undefined> {
    const body = await client.find("GET", `${API}/${name}`);
    return body === undefined ? undefined : withTexts(body, (text) => text.replace("/compute/beta/", "/compute/v1/"));
}

/** Sends a request and waits for its operation. */
export async function change(client: ApiClient, method: string, path: string, body: JsonObject): Promise<void> {
    await client.wait(API, await client.call(method, path, body));
}

/** Changes fields of a resource by the methods that the API has for them. */
async function changeFields(client: ApiClient, path: string, after: JsonObject, before: JsonObject): Promise<void> {
    const changed = Object.keys({ ...before, ...after }).filter((field) => !isDeepStrictEqual(before[field], after[field]));
    const has = (field: string): boolean => changed.includes(field);
    if (has("ipCidrRange")) {
        await change(client, "POST", `${path}/expandIpCidrRange`, { ipCidrRange: after.ipCidrRange });
    }
    const { fingerprint, labelFingerprint } = await client.call("GET", path);
    if (has("labels")) {
        await change(client, "POST", `${path}/setLabels`, { labels: after.labels, labelFingerprint });
    }
    if (has("specificReservation")) {
        const specific = after.specificReservation;
        await change(client, "POST", `${path}/resize`, { specificSkuCount: isJsonObject(specific) ? specific.count : undefined });
    }
    const rest = changed.filter((field) => !["ipCidrRange", "labels", "specificReservation"].includes(field));
    if (rest.length > 0) {
        await change(client, "PATCH", path, {
            fingerprint,
            ...Object.fromEntries(rest.map((field) => [field, patchOf(before[field], after[field])])),
        });
    }
}

/** Returns the full name in a reference to a resource. @param parent scope and collection, such as `global/networks` */
export function fullNameOf(project: JsonValue | undefined, parent: string, reference: JsonValue | undefined): string | undefined {
    const [owner, given] = [textOrEmpty(project), textOrEmpty(reference)];
    return given === "" ? undefined : (nameIn(given, owner) ?? `projects/${owner}/${parent}/${given}`);
}

function computeType(token: string, { collection, moved, renamed, ...type }: Mapping): MappedType {
    const { inputs: properties = {} } = findResourceType(token) ?? {};
    const { asset, path } = COLLECTIONS[collection];
    const place = (["region", "zone"] as const).find((name) => name in properties);
    return restType({
        ...{ ...COMMON, ...type, token, asset, find: findLinked, change: changeFields },
        ...(place === "region" && { regional: place }),
        ...(place === "zone" && { zonal: place }),
        id: nameTemplate(`projects/{project}/${place === undefined ? "global" : `${place}s/{${place}}`}/${path}/{name}`),
        // Another type has them.
        ignored: ["nats"],
        createRequest: (id, body) => ({ path: parentOf(id), body: { name: shortName(id), ...body } }),
        encode: (body, { project, region }) => {
            const parents = { network: "global/networks", subnetwork: `regions/${textOrEmpty(region)}/subnetworks` };
            const full = Object.entries(parents).map(([field, parent]) => [field, fullNameOf(project, parent, body[field])] as const);
            return { ...body, ...Object.fromEntries(full.filter(([, name]) => name !== undefined)) };
        },
        shape: { moved, renamed, converted: CONVERTED },
        computed: ({ id, gatewayIPv4 = "", state = "", users = [] }) => ({
            ...{ numericId: id, networkId: id, gatewayIpv4: gatewayIPv4, subnetworkId: Number(id), addressId: Number(id), state, users },
        }),
        // A subnet's range can grow.
        replaces: ({ ipCidrRange: before }, { ipCidrRange: after }) => {
            const [[first, end], [newFirst, newEnd]] = [boundsOf(textOrEmpty(before)), boundsOf(textOrEmpty(after))];
            return newFirst > first || newEnd < end ? ["ipCidrRange"] : [];
        },
    });
}

/** Types of Compute Engine, by token. */
export const compute: Readonly<Record<string, MappedType>> = Object.fromEntries(
    Object.entries(mappings as unknown as Record<string, Mapping>).map(([token, mapping]) => [token, computeType(token, mapping)]),
);

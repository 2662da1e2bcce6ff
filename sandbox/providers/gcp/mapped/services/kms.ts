import type { Document } from "../../../../cloud/discovery/document";
import document from "../../../../cloud/discovery/documents/cloudkms.v1.json";
import { CRYPTO_KEY, KEY_RING, keyInputs } from "../../../../cloud/handlers/kms/keys";
import { type JsonObject, listAt, textAt } from "../../../../cloud/json";
import { parentOf, shortName } from "../../../../cloud/resource-name";
import type { ApiClient } from "../api-client";
import { iamMemberType } from "../iam-member";
import type { MappedType } from "../mapped-type";
import { nameTemplate } from "../name-template";
import { createIn, patchWithMask, restType } from "../rest-type";

const API = "cloudkms.googleapis.com/v1";
const RING = "gcp:kms/keyRing:KeyRing";
const KEY = "gcp:kms/cryptoKey:CryptoKey";
const NAMES = { property: "name", maxLength: 63, pattern: /^[a-zA-Z0-9_-]{1,63}$/, rule: "letters, digits, underscores and hyphens" };
const COMMON = { document: document as Document, api: API, name: NAMES } as const;

/** Adds the time of the first rotation, which the official provider sets whenever it sets the period. */
function withNextRotation(body: JsonObject): JsonObject {
    const period = typeof body.rotationPeriod === "string" ? Number.parseFloat(body.rotationPeriod) : undefined;
    return period === undefined ? body : { ...body, nextRotationTime: new Date(Date.now() + period * 1000).toISOString() };
}

/** A key cannot be deleted. The official provider destroys its versions and stops its rotation. */
async function destroyVersions(client: ApiClient, path: string): Promise<void> {
    const { cryptoKeyVersions } = await client.call("GET", `${path}/cryptoKeyVersions`);
    for (const version of listAt(cryptoKeyVersions)) {
        if (["ENABLED", "DISABLED"].includes(textAt(version, "state"))) {
            await client.call("POST", `${API}/${textAt(version, "name")}:destroy`, {});
        }
    }
    await client.call("PATCH", `${path}?updateMask=rotationPeriod,nextRotationTime`, {});
}

/** Cloud KMS types, by token. */
export const kms: Readonly<Record<string, MappedType>> = {
    [RING]: restType({
        ...{ ...COMMON, token: RING, asset: KEY_RING, schema: "KeyRing" },
        id: nameTemplate("projects/{project}/locations/{location}/keyRings/{name}"),
        createRequest: createIn("keyRingId"),
        // Key rings cannot be deleted: the official provider only forgets them.
        remove: () => Promise.resolve(),
    }),
    [KEY]: restType({
        ...{ ...COMMON, token: KEY, asset: CRYPTO_KEY, schema: "CryptoKey" },
        id: nameTemplate("{keyRing}/cryptoKeys/{name}"),
        createRequest: (id, body, { skipInitialVersionCreation = false }) => ({
            path: `${parentOf(id)}?cryptoKeyId=${shortName(id)}&skipInitialVersionCreation=${String(skipInitialVersionCreation === true)}`,
            body: withNextRotation(body),
        }),
        patchRequest: (path, body, fields) =>
            patchWithMask(path, withNextRotation(body), fields.includes("rotationPeriod") ? [...fields, "nextRotationTime"] : fields),
        encode: (body) => ({ purpose: "ENCRYPT_DECRYPT", ...body }),
        kept: keyInputs,
        // It moves on with every rotation.
        ignored: ["nextRotationTime"],
        remove: destroyVersions,
        defaults: { purpose: "ENCRYPT_DECRYPT", deletionPolicy: "DELETE", skipInitialVersionCreation: false },
        optionalComputed: [
            "cryptoKeyBackend",
            "destroyScheduledDuration",
            "importOnly",
            "keyAccessJustificationsPolicy",
            "versionTemplate",
        ],
        computed: ({ primary }) => ({ primaries: primary === undefined ? [] : [primary] }),
    }),
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": iamMemberType({
        ...{ asset: CRYPTO_KEY, api: API, read: "GET" },
        resource: nameTemplate("{cryptoKeyId}"),
        standIns: (name) => {
            const [ring, key] = [name.replace(/\/cryptoKeys\/[^/]+$/, ""), shortName(name)];
            return [
                { what: `key ring ${ring}`, path: `${parentOf(ring)}?keyRingId=${shortName(ring)}`, body: {} },
                { what: `key ${name}`, path: `${ring}/cryptoKeys?cryptoKeyId=${key}`, body: { purpose: "ENCRYPT_DECRYPT" } },
            ];
        },
    }),
};

import { ensure } from "../../api/api-error";
import { type ApiService, textOf } from "../../api/service";
import document from "../../discovery/documents/cloudkms.v1.json";
import type { Document } from "../../discovery/document";
import { type JsonObject, textOrEmpty } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { shortName } from "../../resource-name";
import { countedPageOf } from "../common/pages";
import { policiesOf, policyMethods } from "../common/policies";
import { Resources } from "../common/resources";
import { applyMask, maskPaths } from "../common/update-mask";
import { encryptionMethods } from "./encryption";
import { checkId, checkImmutable, checkKey, checkKeyLocation, exists, missing } from "./key-rules";
import { KeyVersions } from "./key-versions";

/** Ledger type of key rings. */
export const KEY_RING = "cloudkms.googleapis.com/KeyRing";
/** Ledger type of keys. */
export const CRYPTO_KEY = "cloudkms.googleapis.com/CryptoKey";

const RINGS = "cloudkms.projects.locations.keyRings";
const KEYS = `${RINGS}.cryptoKeys`;
/** https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings/list */
const MOST_OF_A_PAGE = 1000;

/** Cloud KMS v1: key rings, keys, their versions and their allow policies. Key rings and keys cannot be deleted. */
export function keys(ledger: Ledger): ApiService {
    const rings = new Resources(ledger, KEY_RING, missing("KeyRing"));
    const all = new Resources(ledger, CRYPTO_KEY, missing("CryptoKey"));
    const versions = new KeyVersions(ledger, all);
    const view = (entry: Entry): JsonObject => keyView(entry, versions);

    return {
        document: document as Document,
        handlers: {
            [`${RINGS}.create`]: (call) => {
                const [id, parent] = [textOf(call, "keyRingId"), textOf(call, "parent")];
                checkKeyLocation(shortName(parent));
                checkId(id, "key_ring_id");
                return ringView(rings.create(newName(rings, "KeyRing", `${parent}/keyRings/${id}`), {}));
            },
            [`${RINGS}.get`]: (call) => ringView(rings.get(textOf(call, "name"))),
            [`${RINGS}.list`]: (call) => {
                const entries = rings.list(`${textOf(call, "parent")}/keyRings`);
                return countedPageOf("keyRings", entries.map(ringView), call.parameters, MOST_OF_A_PAGE);
            },
            [`${KEYS}.create`]: (call) => {
                const [id, parent] = [textOf(call, "cryptoKeyId"), textOf(call, "parent")];
                checkId(id, "crypto_key_id");
                rings.get(parent);
                const inputs = keyInputs(call.body);
                checkKey(inputs);
                const entry = all.create(newName(all, "CryptoKey", `${parent}/cryptoKeys/${id}`), inputs);
                if (call.parameters.skipInitialVersionCreation !== true) {
                    versions.makePrimary(entry, versions.create(entry));
                }
                return view(all.get(entry.id));
            },
            [`${KEYS}.get`]: (call) => view(all.get(textOf(call, "name"))),
            [`${KEYS}.list`]: (call) => {
                const entries = all.list(`${textOf(call, "parent")}/cryptoKeys`);
                return countedPageOf("cryptoKeys", entries.map(view), call.parameters, MOST_OF_A_PAGE);
            },
            [`${KEYS}.patch`]: (call) => {
                const entry = all.get(textOf(call, "name"));
                const paths = maskPaths(call.parameters.updateMask);
                ensure(paths !== undefined, "The update_mask must be specified.");
                checkImmutable(paths);
                const known = (document as Document).schemas.CryptoKey?.properties ?? {};
                const inputs = applyMask(entry.inputs, keyInputs(call.body), paths, known);
                checkKey(inputs);
                return view(all.put(entry, { inputs }));
            },
            [`${KEYS}.updatePrimaryVersion`]: (call) => {
                const entry = all.get(textOf(call, "name"));
                const version = versions.get(`${entry.id}/cryptoKeyVersions/${textOrEmpty(call.body.cryptoKeyVersionId)}`);
                return view(versions.makePrimary(entry, version));
            },
            ...versions.methods(`${KEYS}.cryptoKeyVersions`),
            ...encryptionMethods(KEYS, versions),
            ...policyMethods(RINGS, policiesOf(rings), ledger),
            ...policyMethods(KEYS, policiesOf(all), ledger),
        },
    };
}

function newName(resources: Resources, kind: string, name: string): string {
    if (resources.find(name) !== undefined) {
        throw exists(kind, name);
    }
    return name;
}

/** Returns the fields of a key that the ledger keeps, with the values that Cloud KMS sets. */
export function keyInputs({ name: _, createTime: __, primary: ___, ...inputs }: JsonObject): JsonObject {
    return inputs;
}

function ringView({ id, createdAt }: Entry): JsonObject {
    return { name: id, createTime: createdAt };
}

/** A key as the API returns it. */
function keyView(entry: Entry, versions: KeyVersions): JsonObject {
    const { id, inputs, createdAt } = entry;
    const primary = versions.primary(entry);
    return {
        name: id,
        ...(primary !== undefined && { primary }),
        ...inputs,
        createTime: createdAt,
        versionTemplate: versions.template(entry),
        destroyScheduledDuration: inputs.destroyScheduledDuration ?? "2592000s",
    };
}

import { ensure } from "../../api/api-error";
import { apiService, type ApiService, type Call, textOf } from "../../api/service";
import document from "../../discovery/documents/cloudkms.v1.json";
import { type JsonObject, textOrEmpty } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { shortName } from "../../resource-name";
import { checkRegion } from "../../locations";
import { collectionMethods } from "../common/collection";
import { policiesOf, policyMethods } from "../common/policies";
import { Resources } from "../common/resources";
import { applyMask, maskPaths } from "../common/update-mask";
import { locationMethods } from "../locations";
import { encryptionMethods } from "./encryption";
import { checkId, checkImmutable, checkKey, exists, missing, MULTI_REGIONS } from "./key-rules";
import { KeyVersions } from "./key-versions";

/** Ledger type of key rings. */
export const KEY_RING = "cloudkms.googleapis.com/KeyRing";
/** Ledger type of keys. */
export const CRYPTO_KEY = "cloudkms.googleapis.com/CryptoKey";

const RINGS = "cloudkms.projects.locations.keyRings";
const KEYS = `${RINGS}.cryptoKeys`;
/** https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings/list */
const MOST_OF_A_PAGE = 1000;

/** Fields with presence: 0 is the checksum of no data. */
const CHECKSUMS = ["plaintextCrc32c", "ciphertextCrc32c", "additionalAuthenticatedDataCrc32c"];

/** Cloud KMS v1: key rings, keys, their versions and their allow policies. Key rings and keys cannot be deleted. */
export function keys(ledger: Ledger): ApiService {
    const rings = new Resources(ledger, KEY_RING, missing("KeyRing"));
    const all = new Resources(ledger, CRYPTO_KEY, missing("CryptoKey"));
    const versions = new KeyVersions(ledger, all);
    const view = (entry: Entry): JsonObject => keyView(entry, versions);

    const common = { document, mostOfAPage: MOST_OF_A_PAGE, isCounted: true } as const;
    const handlers: ApiService["handlers"] = {
        ...locationMethods("cloudkms.projects.locations", MULTI_REGIONS),
        ...collectionMethods({
            ...{ ...common, prefix: RINGS, resources: rings, schema: "KeyRing", inputs: () => ({}), view: ringView },
            idParameter: "keyRingId",
            checkId: (id, parent) => {
                checkRegion(shortName(parent), MULTI_REGIONS);
                checkId(id, "key_ring_id");
            },
            exists: exists("KeyRing"),
        }),
        ...collectionMethods({
            ...{ ...common, prefix: KEYS, resources: all, schema: "CryptoKey", inputs: keyInputs, patch: patched, view },
            idParameter: "cryptoKeyId",
            checkId: (id, parent) => {
                checkId(id, "crypto_key_id");
                rings.get(parent);
            },
            exists: exists("CryptoKey"),
            check: (_, inputs) => checkKey(inputs),
            create: (name, inputs, { parameters }) => {
                const entry = all.create(name, inputs);
                return parameters.skipInitialVersionCreation === true ? entry : versions.makePrimary(entry, versions.create(entry));
            },
        }),
        [`${KEYS}.updatePrimaryVersion`]: (call) => {
            const entry = all.get(textOf(call, "name"));
            const version = versions.get(`${entry.id}/cryptoKeyVersions/${textOrEmpty(call.body.cryptoKeyVersionId)}`);
            return view(versions.makePrimary(entry, version));
        },
        ...versions.methods(`${KEYS}.cryptoKeyVersions`),
        ...encryptionMethods(KEYS, versions),
        ...policyMethods(RINGS, policiesOf(rings), ledger),
        ...policyMethods(KEYS, policiesOf(all), ledger),
    };
    return apiService(document, handlers, { keepsDefaults: CHECKSUMS });
}

function patched(entry: Entry, { body, parameters }: Call): JsonObject {
    const paths = maskPaths(parameters.updateMask);
    ensure(paths !== undefined, "The update_mask must be specified.");
    checkImmutable(paths);
    return applyMask(entry.inputs, keyInputs(body), paths, document.schemas.CryptoKey.properties);
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

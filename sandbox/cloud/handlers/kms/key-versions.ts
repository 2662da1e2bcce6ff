import { ApiError, ensure, invalid } from "../../api/api-error";
import { type Handler, textOf } from "../../api/service";
import { isJsonObject, type JsonObject, textOrEmpty } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { shortName } from "../../resource-name";
import { countedPageOf } from "../common/pages";
import { Resources } from "../common/resources";
import { missing, seconds } from "./key-rules";

/** Ledger type of key versions. Their state is `provisioned.state`. */
export const KEY_VERSION = "cloudkms.googleapis.com/CryptoKeyVersion";

const MOST_OF_A_PAGE = 1000;
const DESTROY_DELAY_SECONDS = 30 * 24 * 60 * 60;

/** The versions of keys. https://cloud.google.com/kms/docs/key-states */
export class KeyVersions {
    private readonly all: Resources;

    constructor(
        ledger: Ledger,
        private readonly keys: Resources,
    ) {
        this.all = new Resources(ledger, KEY_VERSION, missing("CryptoKeyVersion"));
    }

    /** @throws ApiError if the version does not exist */
    get(name: string): Entry {
        return this.all.get(name);
    }

    /** The versions of a key, oldest first. */
    of(key: Entry): readonly Entry[] {
        return [...this.all.list(`${key.id}/cryptoKeyVersions`)].sort((a, b) => Number(shortName(a.id)) - Number(shortName(b.id)));
    }

    /** Adds a version with the next number. */
    create(key: Entry): Entry {
        const next = this.of(key).length + 1;
        return this.all.create(`${key.id}/cryptoKeyVersions/${next}`, this.template(key), { state: "ENABLED" });
    }

    /** Makes a version the one that encrypts. */
    makePrimary(key: Entry, version: Entry): Entry {
        if (key.inputs.purpose !== "ENCRYPT_DECRYPT") {
            return key;
        }
        if (version.provisioned.state !== "ENABLED") {
            throw notEnabled(version);
        }
        return this.keys.put(key, { provisioned: { ...key.provisioned, primary: version.id } });
    }

    /** The version that encrypts, as the API returns it; undefined if there is none. */
    primary(key: Entry): JsonObject | undefined {
        const name = key.provisioned.primary;
        return typeof name === "string" ? viewOf(this.get(name)) : undefined;
    }

    /** The enabled version that encrypts: the primary version of a key, or the version itself. @throws ApiError if there is none */
    encrypting(name: string): Entry {
        const version = name.includes("/cryptoKeyVersions/") ? name : this.keys.get(name).provisioned.primary;
        ensure(typeof version === "string", `${name} has no primary version.`, "FAILED_PRECONDITION");
        const entry = this.get(version);
        if (entry.provisioned.state !== "ENABLED") {
            throw notEnabled(entry);
        }
        return entry;
    }

    /** The version of a key with a number; undefined if it does not exist. */
    decrypting(key: string, number: number): Entry | undefined {
        return this.of(this.keys.get(key)).find(({ id }) => shortName(id) === String(number));
    }

    isPrimary(key: string, version: Entry): boolean {
        return this.keys.get(key).provisioned.primary === version.id;
    }

    /** The algorithm and the protection level of new versions. */
    template({ inputs }: Entry): JsonObject {
        const algorithm = inputs.purpose === "ENCRYPT_DECRYPT" ? "GOOGLE_SYMMETRIC_ENCRYPTION" : undefined;
        return { protectionLevel: "SOFTWARE", algorithm, ...(isJsonObject(inputs.versionTemplate) && inputs.versionTemplate) };
    }

    /** @param prefix the method IDs up to the last dot */
    methods(prefix: string): Readonly<Record<string, Handler>> {
        const change = (name: string, from: readonly string[], to: (entry: Entry) => JsonObject): JsonObject => {
            const entry = this.get(name);
            const state = textOrEmpty(entry.provisioned.state);
            if (!from.includes(state)) {
                const message = `The request cannot be fulfilled. Resource ${name} has value ${state} in field crypto_key_version.state.`;
                throw new ApiError("FAILED_PRECONDITION", message);
            }
            return viewOf(this.all.put(entry, { provisioned: to(entry) }));
        };
        return {
            [`${prefix}.create`]: (call) => viewOf(this.create(this.keys.get(textOf(call, "parent")))),
            [`${prefix}.get`]: (call) => viewOf(this.get(textOf(call, "name"))),
            [`${prefix}.list`]: (call) => {
                const entries = this.of(this.keys.get(textOf(call, "parent")));
                return countedPageOf("cryptoKeyVersions", entries.map(viewOf), call.parameters, MOST_OF_A_PAGE);
            },
            [`${prefix}.patch`]: (call) => {
                const { state } = call.body;
                if (state !== "ENABLED" && state !== "DISABLED") {
                    throw invalid("The state of a CryptoKeyVersion can only be set to ENABLED or DISABLED.");
                }
                return change(textOf(call, "name"), ["ENABLED", "DISABLED"], () => ({ state }));
            },
            [`${prefix}.destroy`]: (call) =>
                change(textOf(call, "name"), ["ENABLED", "DISABLED"], ({ id }) => {
                    const { destroyScheduledDuration } = this.keys.get(id.replace(/\/cryptoKeyVersions\/[^/]+$/, "")).inputs;
                    const delay = destroyScheduledDuration === undefined ? DESTROY_DELAY_SECONDS : seconds(destroyScheduledDuration);
                    return { state: "DESTROY_SCHEDULED", destroyTime: new Date(Date.now() + delay * 1000).toISOString() };
                }),
            [`${prefix}.restore`]: (call) => change(textOf(call, "name"), ["DESTROY_SCHEDULED"], () => ({ state: "DISABLED" })),
        };
    }
}

/** The error for a version that cannot encrypt or decrypt in its state. */
export function notEnabled({ id, provisioned }: Entry): ApiError {
    const state = textOrEmpty(provisioned.state);
    return new ApiError("FAILED_PRECONDITION", `${id} is not enabled, current state is: ${state}.`);
}

/** A version as the API returns it. */
function viewOf({ id, inputs, provisioned, createdAt }: Entry): JsonObject {
    return { name: id, ...provisioned, ...inputs, createTime: createdAt, generateTime: createdAt };
}

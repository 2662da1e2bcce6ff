import { createCipheriv, createDecipheriv, createHash, randomBytes } from "node:crypto";
import { invalid } from "../../api/api-error";
import { type Call, type Handler, textOf } from "../../api/service";
import { type JsonObject, type JsonValue, textOrEmpty } from "../../json";
import type { Entry } from "../../ledger";
import { crc32c } from "../common/crc32c";
import { shortName } from "../../resource-name";
import { type KeyVersions, notEnabled } from "./key-versions";

/** https://cloud.google.com/kms/docs/reference/rest/v1/projects.locations.keyRings.cryptoKeys/encrypt */
const MOST_BYTES = 64 * 1024;
const [IV_BYTES, TAG_BYTES] = [12, 16];

/**
 * The methods encrypt and decrypt of symmetric keys, with AES-256-GCM. A ciphertext begins with the number of the version. The secret of a
 * version is derived from its entry in the ledger.
 */
export function encryptionMethods(prefix: string, versions: KeyVersions): Readonly<Record<string, Handler>> {
    return {
        [`${prefix}.encrypt`]: (call) => {
            const name = textOf(call, "name");
            const version = versions.encrypting(name);
            const plaintext = bytesOf(call, "plaintext");
            const iv = randomBytes(IV_BYTES);
            const cipher = createCipheriv("aes-256-gcm", secretOf(version), iv).setAAD(bytesOf(call, "additionalAuthenticatedData"));
            const encrypted = Buffer.concat([cipher.update(plaintext), cipher.final()]);
            const number = Buffer.alloc(4);
            number.writeUInt32BE(Number(shortName(version.id)));
            const ciphertext = Buffer.concat([number, iv, cipher.getAuthTag(), encrypted]);
            return {
                ...{ name: version.id, ciphertext: ciphertext.toString("base64"), ciphertextCrc32c: crc32c(ciphertext) },
                ...(call.body.plaintextCrc32c !== undefined && { verifiedPlaintextCrc32c: true }),
                ...(call.body.additionalAuthenticatedDataCrc32c !== undefined && { verifiedAdditionalAuthenticatedDataCrc32c: true }),
                protectionLevel: "SOFTWARE",
            };
        },
        [`${prefix}.decrypt`]: (call) => {
            const key = textOf(call, "name");
            const ciphertext = bytesOf(call, "ciphertext");
            const aad = bytesOf(call, "additionalAuthenticatedData");
            const version = versions.decrypting(key, ciphertext.length < 4 ? 0 : ciphertext.readUInt32BE());
            if (version === undefined) {
                throw undecipherable();
            }
            if (version.provisioned.state !== "ENABLED") {
                throw notEnabled(version);
            }
            const plaintext = opened(version, ciphertext.subarray(4), aad);
            return { plaintext: plaintext.toString("base64"), plaintextCrc32c: crc32c(plaintext), ...usedPrimary(version, versions, key) };
        },
    };
}

function usedPrimary(version: Entry, versions: KeyVersions, key: string): JsonObject {
    return { ...(versions.isPrimary(key, version) && { usedPrimary: true }), protectionLevel: "SOFTWARE" };
}

function opened(version: Entry, sealed: Buffer, aad: Buffer): Buffer {
    try {
        const decipher = createDecipheriv("aes-256-gcm", secretOf(version), sealed.subarray(0, IV_BYTES))
            .setAAD(aad)
            .setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
        return Buffer.concat([decipher.update(sealed.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]);
    } catch {
        throw undecipherable();
    }
}

function undecipherable(): Error {
    return invalid("Decryption failed: verify that 'name' refers to the correct CryptoKey.");
}

/** Reads a field and checks its size and its checksum. */
function bytesOf({ body }: Call, field: string): Buffer {
    const value: JsonValue | undefined = body[field];
    const bytes = Buffer.from(textOrEmpty(value), "base64");
    const checksum = body[`${field}Crc32c`];
    if (bytes.length > MOST_BYTES && field !== "ciphertext") {
        throw invalid(`The ${field} must have at most ${MOST_BYTES} bytes, not ${bytes.length}.`);
    }
    if (checksum !== undefined && checksum !== crc32c(bytes)) {
        throw invalid(`The checksum in field ${field}_crc32c did not match the data in field ${field}.`);
    }
    return bytes;
}

function secretOf({ uuid }: Entry): Buffer {
    return createHash("sha256").update(`key version ${uuid}`).digest();
}

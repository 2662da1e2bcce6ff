import { type Document, isMap, visit } from "yaml";

/** The key of a stack file for the salt of Pulumi's passphrase provider. https://www.pulumi.com/docs/iac/concepts/secrets/ */
export const SALT_KEY = "encryptionsalt";

/**
 * The salt for the sandbox's passphrase. It is the same in every sandbox, so that a stack file whose values were encrypted on one works on another. It protects
 * nothing: the passphrase is public (`environment.ts`).
 */
export const SANDBOX_SALT = "v1:agBKj1GctZE=:v1:+411zD7tfheifjpP:gA736pQIwsBDZLeJ1PxGaARqRBwPkw==";

/** "encrypted for another backend", encrypted by the sandbox's passphrase. */
const PLACEHOLDER = "v1:Q47Lh5o9e9Z7fzTI:XaATcOp+P0d0Hk0ZHMkYGC/UYVIzkPod5zENuyg6ay0pDyzX4/pzuZu9SwRj";

/** The secrets provider that a stack file was encrypted with; undefined where it is the sandbox's, or the file has none. */
export function otherEncryption(document: Document): string | undefined {
    const provider = document.get("secretsprovider");
    if (typeof provider === "string" && provider !== "passphrase") return provider;
    if (document.has("encryptedkey")) return "a key management service";
    const salt = document.get(SALT_KEY);
    return salt === undefined || salt === SANDBOX_SALT ? undefined : "another passphrase";
}

/**
 * Makes a stack file one that the sandbox can decrypt. A value that was encrypted elsewhere becomes a placeholder, still encrypted: no sandbox has the key, and
 * nothing that it simulates needs the value.
 */
export function encryptForSandbox(document: Document): void {
    if (otherEncryption(document) !== undefined) {
        visit(document, {
            Map: (_, map) => {
                if (map.items.length === 1 && typeof map.get("secure") === "string") map.set("secure", PLACEHOLDER);
            },
        });
    }
    if (isMap(document.contents)) for (const key of ["secretsprovider", "encryptedkey"]) document.delete(key);
    document.set(SALT_KEY, SANDBOX_SALT);
}

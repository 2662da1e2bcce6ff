import { type Document, isMap, isScalar, parseDocument, visit, type YAMLMap } from "yaml";

/** Key in a stack file for the salt of Pulumi's passphrase provider. https://www.pulumi.com/docs/iac/concepts/secrets/ */
export const SALT_KEY = "encryptionsalt";

/**
 * Salt for the sandbox's passphrase. It is the same in every sandbox, so that all sandboxes can decrypt the values in a stack file. It
 * protects nothing: the passphrase is public (`environment.ts`).
 */
export const SANDBOX_SALT = "v1:agBKj1GctZE=:v1:+411zD7tfheifjpP:gA736pQIwsBDZLeJ1PxGaARqRBwPkw==";

/** The text "encrypted for another backend", encrypted with the sandbox's passphrase. */
const PLACEHOLDER = "v1:Q47Lh5o9e9Z7fzTI:XaATcOp+P0d0Hk0ZHMkYGC/UYVIzkPod5zENuyg6ay0pDyzX4/pzuZu9SwRj";

/** Returns the secrets provider of a stack file; undefined if it is the sandbox's, or if there is none. */
export function otherEncryption(document: Document): string | undefined {
    const provider = document.get("secretsprovider");
    if (typeof provider === "string" && provider !== "passphrase") {
        return provider;
    }
    if (document.has("encryptedkey")) {
        return "a key management service";
    }
    const salt = document.get(SALT_KEY);
    return salt === undefined || salt === SANDBOX_SALT ? undefined : "another passphrase";
}

/**
 * Returns the text of a stack file in a form that the sandbox can decrypt. A value that was encrypted elsewhere is replaced by an encrypted
 * placeholder: the sandbox does not have the key, and none of its simulations needs the value. All other values keep their notation, so
 * that the engine reads the same values as from the committed file: a YAML library would write `014` as 12.
 * @param text YAML, with a map or nothing at the top level
 */
export function encryptedForSandbox(text: string): string {
    const decryptable = otherEncryption(parseDocument(text)) === undefined ? text : withPlaceholders(text);
    return withSalt(["secretsprovider", "encryptedkey", SALT_KEY].reduce(withoutKey, decryptable));
}

/** Returns the text of a stack file with the sandbox's salt. */
export function withSalt(text: string): string {
    const top = topOf(text);
    if (top?.flow === true) {
        return `${text.slice(0, top.range[0] + 1)}"${SALT_KEY}": "${SANDBOX_SALT}", ${text.slice(top.range[0] + 1)}`;
    }
    const end = top?.range[1] ?? text.length;
    const before = text.slice(0, end);
    return `${before}${before === "" || before.endsWith("\n") ? "" : "\n"}${SALT_KEY}: ${SANDBOX_SALT}\n${text.slice(end)}`;
}

function withPlaceholders(text: string): string {
    const ranges: [start: number, end: number][] = [];
    visit(parseDocument(text), {
        Map: (_, map) => {
            const secure = map.items.length === 1 ? map.get("secure", true) : undefined;
            if (isScalar(secure) && typeof secure.value === "string" && secure.range) {
                ranges.push([secure.range[0], secure.range[1]]);
            }
        },
    });
    return ranges.reduceRight((edited, [start, end]) => {
        // The range of a block scalar includes its last line break.
        const lineEnd = edited[end - 1] === "\n" ? "\n" : "";
        return edited.slice(0, start) + PLACEHOLDER + lineEnd + edited.slice(end);
    }, text);
}

/** Removes a top-level key from the text. */
function withoutKey(text: string, name: string): string {
    const top = topOf(text);
    const index = top?.items.findIndex(({ key }) => isScalar(key) && key.value === name) ?? -1;
    const pair = top?.items[index];
    if (top === undefined || pair === undefined) {
        return text;
    }
    const next = top.items[index + 1];
    if (next !== undefined) {
        return text.slice(0, pair.key.range[0]) + text.slice(next.key.range[0]);
    }
    const end = pair.value?.range[1] ?? pair.key.range[1];
    const previous = top.items[index - 1];
    return top.flow === true && previous !== undefined
        ? text.slice(0, previous.value?.range[1] ?? previous.key.range[1]) + text.slice(end)
        : text.slice(0, pair.key.range[0]) + text.slice(top.flow === true ? end : top.range[1]);
}

/** Returns the top-level map of a stack file; undefined if the file is empty. */
function topOf(text: string): YAMLMap.Parsed | undefined {
    const { contents } = parseDocument(text);
    return isMap(contents) ? contents : undefined;
}

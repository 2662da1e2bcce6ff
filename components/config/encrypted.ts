import { keyOfPath, remove, type Path, type Reported } from "./problem";
import { stackConfigIfReadable } from "../stack-file/stack-file";

/**
 * Keys of the encrypted values in a configuration, as `pulumi config set --secret --path` writes them: `{ secure: ciphertext }`.
 * https://www.pulumi.com/docs/iac/concepts/secrets/
 */
export function encryptedKeys(values: Readonly<Record<string, unknown>>): readonly string[] {
    return Object.entries(values).flatMap(([key, value]) => encryptedPaths(value, []).map((path) => keyOfPath(key, path)));
}

/**
 * Keys of the encrypted values in some sections of a stack file. The engine decrypts a section before the program reads it, and reports only which
 * sections had a secret, so the keys are read from the file. If the engine read another file, the file may have no secret in a section. The key is
 * then the key of the section.
 */
export function encryptedKeysIn(sections: readonly string[], file: string): readonly string[] {
    const values = stackConfigIfReadable(file) ?? {};
    return sections.flatMap((section) => {
        const keys = encryptedKeys({ [section]: values[section] });
        return keys.length === 0 ? [section] : keys;
    });
}

/** The refusal of an encrypted value. It never contains the value. */
export const encryptedProblem = (key: string): Reported => ({
    key,
    problem:
        "is encrypted in the stack file, but would be plain text in the state and on the cluster. Store a secret in a Kubernetes Secret or in Secret Manager, and give the workload its name; set a value that is not secret without --secret",
    remedy: remove(key),
});

function encryptedPaths(value: unknown, at: Path): readonly Path[] {
    if (typeof value !== "object" || value === null) {
        return [];
    }
    if (isEncrypted(value)) {
        return [at];
    }
    const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    return entries.flatMap(([step, part]) => encryptedPaths(part, [...at, step]));
}

const isEncrypted = (value: object): boolean => Object.keys(value).length === 1 && "secure" in value && typeof value.secure === "string";

/**
 * Finds secrets in an image.
 * @param contents everything that a registry stores for the image
 * @returns the names of the contents with a secret; empty if no content has one
 */
export function leaks(contents: ReadonlyMap<string, Buffer>, secrets: readonly string[]): readonly string[] {
    return [...contents].flatMap(([what, bytes]) =>
        secrets.filter((secret) => bytes.includes(secret)).map((secret) => `${what}: ${secret}`),
    );
}

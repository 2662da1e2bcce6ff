/**
 * Where secrets show up in an image.
 * @param contents everything that a registry has of the image
 * @returns for each find, what holds it; empty where no secret is anywhere
 */
export function leaks(contents: ReadonlyMap<string, Buffer>, secrets: readonly string[]): readonly string[] {
    return [...contents].flatMap(([what, bytes]) =>
        secrets.filter((secret) => bytes.includes(secret)).map((secret) => `${what}: ${secret}`),
    );
}

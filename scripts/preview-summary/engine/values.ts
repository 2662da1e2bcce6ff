/** The engine's placeholder for a value that is unknown until the update. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Key that marks an object as a secret, an asset or an output. https://www.pulumi.com/docs/iac/concepts/secrets/ */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** Longest shown part of a value, in characters. */
const LONGEST = 160;

/**
 * A property by its path, if it is a text or a number that can be shown; undefined if it is secret or unknown.
 * Only fields that a caller names are read, so no other value can be shown.
 */
export function shown(
    properties: Readonly<Record<string, unknown>> | undefined,
    ...path: readonly (string | number)[]
): string | undefined {
    const value = path.reduce<unknown>((part, step) => (isContainer(part) && !(SIGNATURE in part) ? part[step] : undefined), properties);
    if (typeof value === "number") {
        return String(value);
    }
    return typeof value === "string" && value !== "" && value !== UNKNOWN && value !== "[secret]" ? value : undefined;
}

/** A number by its path. */
export function amount(
    properties: Readonly<Record<string, unknown>> | undefined,
    ...path: readonly (string | number)[]
): number | undefined {
    const value = shown(properties, ...path);
    return value === undefined || Number.isNaN(Number(value)) ? undefined : Number(value);
}

const isContainer = (value: unknown): value is Record<string | number, unknown> => typeof value === "object" && value !== null;

/** A value as Markdown code on one line. White space becomes single spaces, and backticks become quotes. */
export function code(value: string): string {
    const line = value.replaceAll(/\s+/g, " ").replaceAll("`", "'");
    return `\`${line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line}\``;
}

/** A list of values as Markdown code; of a long list, its beginning and its length. */
export function codes(values: readonly string[], most = 6): string {
    const more = values.length - most;
    return values.slice(0, most).map(code).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** Paths of properties for a reader; if there are many, only the first two steps of each. */
export function briefly(fields: readonly string[]): string {
    const few = fields.length <= 4 ? fields : [...new Set(fields.map((field) => field.split(/[.[]/).slice(0, 2).join(".")))];
    return codes(few);
}

/** The first digits of a reference's digest; undefined for an image that is not built yet. */
export function knownDigest(reference: string | undefined): string | undefined {
    return /@(sha256:[0-9a-f]{12})/.exec(reference ?? "")?.[1];
}

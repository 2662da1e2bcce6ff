/** What the engine writes for a value that only the update will know. */
const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
/** Key of an object that stands for a secret, an asset or an output. https://www.pulumi.com/docs/iac/concepts/secrets/ */
const SIGNATURE = "4dabf18193072939515e22adb298388d";
/** How long a value may be before its end is left out. */
const LONGEST = 160;

/**
 * A property by its path, where it is a text or a number that may be shown. What is secret or not known yet is as if it were not there.
 * Only fields that the caller names are ever read, so that a value nobody thought of cannot be shown.
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

/** A value as Markdown code, on one line, whatever it holds. */
export function code(value: string): string {
    const line = value.replaceAll(/\s+/g, " ").replaceAll("`", "'");
    return `\`${line.length > LONGEST ? `${line.slice(0, LONGEST - 1)}…` : line}\``;
}

/** An enumeration of values as Markdown code; of a long one, its beginning and how many there are. */
export function codes(values: readonly string[], most = 6): string {
    const more = values.length - most;
    return values.slice(0, most).map(code).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** Paths of properties for a person: of many, only the first two steps of each. */
export function briefly(fields: readonly string[]): string {
    const few = fields.length <= 4 ? fields : [...new Set(fields.map((field) => field.split(/[.[]/).slice(0, 2).join(".")))];
    return codes(few);
}

/** The digest of a reference, by its first digits; undefined of an image that will only be built. */
export function knownDigest(reference: string | undefined): string | undefined {
    return /@(sha256:[0-9a-f]{12})/.exec(reference ?? "")?.[1];
}

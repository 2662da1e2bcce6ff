/**
 * The value that Pulumi's engine reads for an unquoted scalar of a stack file. It reads YAML with yaml.v3 of Go, which follows neither YAML 1.1 nor 1.2: `yes` is text,
 * `014` is 12 and `08` is 8. https://github.com/go-yaml/yaml/blob/v3.0.1/resolve.go
 */

/** A value and its kind. Integers keep all their digits. */
export type Resolved =
    | { readonly kind: "text" | "date"; readonly value: string }
    | { readonly kind: "number"; readonly value: bigint | number }
    | { readonly kind: "boolean"; readonly value: boolean }
    | { readonly kind: "nothing"; readonly value: null };

const WORDS = new Map<string, Resolved>();
for (const word of ["", "~", "null", "Null", "NULL"]) {
    WORDS.set(word, { kind: "nothing", value: null });
}
for (const word of ["true", "True", "TRUE", "false", "False", "FALSE"]) {
    WORDS.set(word, { kind: "boolean", value: word.toLowerCase() === "true" });
}
for (const word of [".nan", ".NaN", ".NAN"]) {
    WORDS.set(word, { kind: "number", value: NaN });
}
for (const word of [".inf", ".Inf", ".INF"]) {
    WORDS.set(word, { kind: "number", value: Infinity });
    WORDS.set(`+${word}`, { kind: "number", value: Infinity });
    WORDS.set(`-${word}`, { kind: "number", value: -Infinity });
}

/** The value of a scalar without quotes and without a tag. */
export function plainScalar(text: string): Resolved {
    const value = WORDS.get(text) ?? dateOf(text) ?? numberOf(text);
    return value ?? { kind: "text", value: text };
}

const MIN_INT64 = -(2n ** 63n);
const MAX_UINT64 = 2n ** 64n - 1n;

function numberOf(text: string): Resolved | undefined {
    if (text.startsWith(".")) {
        return /^\.\d+([eE][-+]?\d+)?$/.test(text) ? float(text) : undefined;
    }
    if (!/^[-+\d]/.test(text)) {
        return undefined;
    }
    const plain = text.replaceAll("_", "");
    return integer(plain) ?? (/^[-+]?(\.\d+|\d+(\.\d*)?)([eE][-+]?\d+)?$/.test(plain) ? float(plain) : undefined);
}

const RADIX_PREFIX = { x: "0x", o: "0o", b: "0b" } as const;

/** An integer that fits into 64 bits. A larger one is read as a float, and loses digits. */
function integer(plain: string): Resolved | undefined {
    const [, sign = "", radix, digits = ""] =
        /^([-+]?)0([xX])([\da-fA-F]+)$/.exec(plain) ??
        /^([-+]?)0([oO]?)([0-7]+)$/.exec(plain) ??
        /^([-+]?)0([bB])([01]+)$/.exec(plain) ??
        /^([-+]?)()(0|[1-9]\d*)$/.exec(plain) ??
        [];
    if (radix === undefined) {
        return undefined;
    }
    const isOctal = radix === "" && digits !== "0" && /^[-+]?0/.test(plain);
    const prefix = isOctal ? "0o" : radix === "" ? "" : RADIX_PREFIX[radix.toLowerCase() as keyof typeof RADIX_PREFIX];
    const magnitude = BigInt(prefix + digits);
    const value = sign === "-" ? -magnitude : magnitude;
    // A number with a sign must fit into a signed integer.
    const isHeld = value >= MIN_INT64 && value <= (sign === "" ? MAX_UINT64 : 2n ** 63n - 1n);
    return isHeld ? { kind: "number", value } : undefined;
}

function float(text: string): Resolved | undefined {
    const value = Number(text);
    return Number.isFinite(value) ? { kind: "number", value } : undefined;
}

const DATE =
    /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:[Tt](\d{1,2}):(\d{1,2}):(\d{1,2})([.,]\d+)?(Z|[-+]\d\d:\d\d))|(?: (\d{1,2}):(\d{1,2}):(\d{1,2})([.,]\d+)?))?$/;

/** A date, as the engine passes it: in Go's format of times, which differs from the format in the file. https://pkg.go.dev/time#Time.String */
function dateOf(text: string): Resolved | undefined {
    const found = DATE.exec(text);
    if (found === null) {
        return undefined;
    }
    const part = (...groups: readonly number[]): number => Number(groups.map((group) => found[group]).find((given) => given) ?? 0);
    const [year, month, day] = [part(1), part(2), part(3)];
    const [hour, minute, second] = [part(4, 9), part(5, 10), part(6, 11)];
    const days = new Date(Date.UTC(year === 0 ? 2000 : year, month, 0)).getUTCDate();
    const zone = found[8] ?? "Z";
    const [zoneHour, zoneMinute] = zone === "Z" ? [0, 0] : [Number(zone.slice(1, 3)), Number(zone.slice(4))];
    const isDate = month >= 1 && month <= 12 && day >= 1 && day <= days && hour < 24 && minute < 60 && second < 60;
    if (!isDate || zoneHour > 24 || zoneMinute > 60) {
        return undefined;
    }
    const two = (number: number): string => String(number).padStart(2, "0");
    const fraction = (found[7] ?? found[12] ?? "").slice(1, 10).replace(/0+$/, "");
    const offset = zoneHour === 0 && zoneMinute === 0 ? "+0000 UTC" : `${zone.replace(":", "")} ${zone.replace(":", "")}`;
    const time = `${two(hour)}:${two(minute)}:${two(second)}${fraction === "" ? "" : `.${fraction}`}`;
    return { kind: "date", value: `${String(year).padStart(4, "0")}-${two(month)}-${two(day)} ${time} ${offset}` };
}

/** A scalar in quotes, or in a block. */
interface Quoted {
    readonly value: string;
    /** The text between its first and its last character. */
    readonly written: string;
    /** Whether the file ends with it. */
    readonly isLast: boolean;
}

/** `\/`, half of a character beyond U+FFFF, which JSON writes as two escapes, and an escaped line end before an empty line. */
const UNREAD_ESCAPE = /(?<!\\)(?:\\\\)*\\(?:\/|u[dD][89a-fA-F]|\r?\n[ \t]*\r?\n)/;

/**
 * The text of a scalar in quotes, or in a block.
 * @param refuse returns an error with the position of the scalar
 */
export function quotedScalar({ value, written, isLast }: Quoted, refuse: (message: string) => Error): string {
    if (written.startsWith('"') && UNREAD_ESCAPE.test(written)) {
        throw refuse("it has an escape that the engine does not support: write the character itself");
    }
    if (written.startsWith("'") && !/^'(?:[^']|'')*'$/.test(written)) {
        throw refuse("the quote is not closed");
    }
    const isBlock = /^[|>]/.test(written);
    if ((isBlock || value.includes("\n")) && /^[\t\n]|[\u0085\u2028\u2029]/.test(value)) {
        throw refuse("it begins with an empty line or a tab, or has Unicode line ends, which the engine cannot keep: remove them");
    }
    // A block ends with a newline only if the file has one.
    const isCutOff = isBlock && isLast && !written.endsWith("\n");
    return isCutOff ? value.replace(/\n$/, "") : value;
}

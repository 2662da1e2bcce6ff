import { closest, distance } from "fastest-levenshtein";

/** What a value was meant to be: one valid value, or several between which only a person can choose. */
export type Intent = { readonly value: string | number | boolean } | { readonly candidates: readonly (string | number)[] };

/** Longest text of which it is worth asking what it means. */
const LONGEST = 100;

/** A word without case, separators, and what every accelerator's name begins with. */
const bare = (text: string): string =>
    text
        .toLowerCase()
        .replace(/^nvidia[-_ ]/, "")
        .replace(/[^a-z0-9]/g, "");

const digitsOf = (text: string): string => text.replace(/\D/g, "");

/**
 * The valid word that was meant: in another case or with other separators, its beginning, or with one or two letters wrong. A word with digits is
 * never guessed by its letters, since one of them names another thing: `h100` is not a typing error of `p100`.
 */
export function meantWord(given: string, words: readonly string[]): string | undefined {
    if (given.length > LONGEST) {
        return undefined;
    }
    const same = words.filter((word) => bare(word) === bare(given));
    if (same.length === 1) {
        return same[0];
    }
    const started = words.filter(
        (word) => bare(word).length >= 3 && (bare(given).startsWith(bare(word)) || bare(word).startsWith(bare(given))),
    );
    if (started.length === 1 && bare(given).length >= 3 && digitsOf(started[0] ?? "") === digitsOf(given)) {
        return started[0];
    }
    if (given.length < 3 || /\d/.test(given)) {
        return undefined;
    }
    const nearest = closest(bare(given), words.map(bare));
    const meant = words.filter((word) => bare(word) === nearest);
    const wrong = distance(bare(given), nearest);
    return meant.length === 1 && wrong <= (nearest.length < 6 ? 1 : 2) && !/\d/.test(nearest) ? meant[0] : undefined;
}

const tokensOf = (text: string): readonly string[] =>
    text
        .toLowerCase()
        .split(/[^a-z0-9]+/)
        .filter((token) => !["", "nvidia", "tesla", "gpu"].includes(token));

/** The words that have every part of what was given: `h100` is in `nvidia-h100-80gb` and in `nvidia-h100-mega-80gb`. All words where none has. */
export function wordsWith(given: string, words: readonly string[]): readonly string[] {
    const tokens = tokensOf(given.slice(0, LONGEST));
    const having = tokens.length === 0 ? [] : words.filter((word) => tokens.every((token) => tokensOf(word).includes(token)));
    return having.length === 0 ? words : having;
}

/** The boolean that was meant by another word for it. */
export function meantBoolean(given: unknown): boolean | undefined {
    const isScalar = typeof given === "string" || typeof given === "number";
    const word = isScalar ? String(given).slice(0, LONGEST).trim().toLowerCase() : "";
    return ["true", "yes", "y", "on", "1", "enabled"].includes(word)
        ? true
        : ["false", "no", "n", "off", "0", "disabled"].includes(word)
          ? false
          : undefined;
}

/** The whole number that was meant by a text such as `"4"` or `"1,000"`. */
export function meantInteger(given: unknown): number | undefined {
    const digits =
        typeof given === "string" && given.length <= LONGEST && /^\s*-?\d{1,3}([,_ ]?\d{3})*\s*$|^\s*-?\d+\s*$/.test(given)
            ? given.replace(/[,_\s]/g, "")
            : undefined;
    const number = digits === undefined ? given : Number(digits);
    return typeof number === "number" && Number.isSafeInteger(number) ? number : undefined;
}

/** The memory quantity that was meant: `8gi` is `8Gi`; `8GB` may be 8Gi or 8G. */
export function meantMemory(given: string): Intent | undefined {
    const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*([a-z]*)\s*$/i.exec(given) ?? [];
    const [, letter, kind] = /^([kmgt])(i|ib|b|)$/.exec(unit?.toLowerCase() ?? "") ?? [];
    if (number === undefined || Number(number) === 0) {
        return undefined;
    }
    if (letter === undefined) {
        return unit === "" ? { candidates: [`${number}Mi`, `${number}Gi`] } : undefined;
    }
    const binary = binaryQuantity(Number(number), letter);
    return kind?.startsWith("i")
        ? { value: binary }
        : { candidates: [binary, `${number}${letter.toUpperCase()}`].filter((quantity) => !quantity.includes(".")) };
}

/** A whole quantity: 1.5 Gi is 1536Mi. */
function binaryQuantity(number: number, letter: string): string {
    const units = ["k", "m", "g", "t"];
    const unit = Number.isInteger(number) ? letter : (units[units.indexOf(letter) - 1] ?? "k");
    return `${Math.ceil(unit === letter ? number : number * 1024)}${unit.toUpperCase()}i`;
}

/** The CPU quantity that was meant: `2 cores` is 2, `500 m` is 500m. */
export function meantCpu(given: string): string | number | undefined {
    const [, number, unit] = /^\s*(\d+(?:\.\d{1,3})?)\s*(m|millis?|cores?|cpus?|vcpus?|)\s*$/i.exec(given) ?? [];
    if (number === undefined || Number(number) === 0) {
        return undefined;
    }
    if (!unit?.toLowerCase().startsWith("m")) {
        return Number(number);
    }
    return number.includes(".") ? undefined : `${number}m`;
}

/** The name that was meant: lower-case letters, digits and dashes. */
export function meantName(given: string, length: number): string | undefined {
    const name = given
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^[^a-z]+/, "")
        .slice(0, length)
        .replace(/-+$/, "");
    return name === "" ? undefined : name;
}

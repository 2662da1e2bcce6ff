import { LONGEST } from "./intent";

/** The intended word, or several that the user has to choose from. */
export type WordIntent = { readonly value: string } | { readonly candidates: readonly string[] };

/** Hints for the interpretation of an invalid word. */
interface Hints {
    /** Other names of valid words, in lower case. */
    readonly aliases?: Readonly<Record<string, string>> | undefined;
    /** Valid words of the same family, listed if the intent is unclear. */
    readonly like?: readonly string[] | undefined;
}

/**
 * The valid word that a word certainly means: an alias, another case or other separators, the name without its vendor and size, or one wrong letter
 * in a word of at least four. Digits and short codes are never corrected: each of their neighbors is another region, GPU or size, and costs another price. In every other
 * case the candidates are listed.
 */
export function wordIntent(given: string, words: readonly string[], { aliases = {}, like }: Hints = {}): WordIntent {
    if (given.length > LONGEST) {
        return { candidates: like ?? words };
    }
    const alias = given.trim().toLowerCase();
    const certain =
        (Object.hasOwn(aliases, alias) ? words.find((word) => word === aliases[alias]) : undefined) ??
        only(words.filter((word) => bare(word) === bare(given))) ??
        withoutVendorAndSize(given, words) ??
        misspelled(given, words);
    return certain === undefined ? { candidates: like ?? relatives(given, words) } : { value: certain };
}

/** The valid word that is certainly intended, if any. */
export function meantWord(given: string, words: readonly string[]): string | undefined {
    const intent = wordIntent(given, words);
    return "value" in intent ? intent.value : undefined;
}

const only = <T>(found: readonly T[]): T | undefined => (found.length === 1 ? found[0] : undefined);

/** Parts of a word, except those that every accelerator's name has. */
const tokensOf = (text: string): readonly string[] =>
    text
        .toLowerCase()
        .split(/[^a-z0-9]+/)
        .filter((token) => !["", "nvidia", "tesla", "gpu"].includes(token));

const bare = (text: string): string => text.toLowerCase().replace(/[^a-z0-9]/g, "");

const having = (given: string, words: readonly string[]): readonly string[] => {
    const tokens = tokensOf(given);
    return tokens.length === 0 ? [] : words.filter((word) => tokens.every((token) => tokensOf(word).includes(token)));
};

/** The words that share every part of the given one, or else a part that is not a size; all words if none does. */
function relatives(given: string, words: readonly string[]): readonly string[] {
    const parts = tokensOf(given).filter((token) => !isSize(token));
    const sharing = words.filter((word) => parts.some((part) => tokensOf(word).includes(part)));
    return [having(given, words), sharing, words].find(({ length }) => length > 0) ?? [];
}

const isSize = (token: string): boolean => /^\d+gb$/.test(token);

/** The only word that begins with all parts of the given one and adds only a size: `h200` is `nvidia-h200-141gb`, but `h100` is two. */
function withoutVendorAndSize(given: string, words: readonly string[]): string | undefined {
    const joined = tokensOf(given).join("");
    const found = joined === "" ? undefined : only(words.filter((word) => tokensOf(word).join("").startsWith(joined)));
    const tokens = tokensOf(found ?? "");
    return [tokens, tokens.filter((token) => !isSize(token))].some((parts) => parts.join("") === joined) ? found : undefined;
}

/** Minimum length of a run of letters in which one wrong letter is corrected. */
const LEAST_LETTERS = 4;

/** The only word at a distance of one edit, if the edit is of a letter in a long enough run of letters. */
function misspelled(given: string, words: readonly string[]): string | undefined {
    const near = only(words.filter((word) => lettersAroundEdit(spelled(given), spelled(word)) !== undefined));
    return near !== undefined && (lettersAroundEdit(spelled(given), spelled(near)) ?? 0) >= LEAST_LETTERS ? near : undefined;
}

/** Lower case, with a dash for every separator. */
const spelled = (text: string): string =>
    text
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "");

/**
 * Letters of the run in which a word differs from another by one edit: a letter too few, too many or another one, or two neighbors in the wrong order. 0 if the edit is
 * of a digit or a separator; undefined for more than one edit.
 */
function lettersAroundEdit(given: string, word: string): number | undefined {
    const shorter = Math.min(given.length, word.length);
    let start = 0;
    while (start < shorter && given[start] === word[start]) {
        start += 1;
    }
    let end = 0;
    while (end < shorter - start && given.at(-1 - end) === word.at(-1 - end)) {
        end += 1;
    }
    const [was, is] = [given.slice(start, given.length - end), word.slice(start, word.length - end)];
    const isOneEdit = (was.length <= 1 && is.length <= 1) || (was.length === 2 && is.length === 2 && was === is.charAt(1) + is.charAt(0));
    if (!isOneEdit) {
        return undefined;
    }
    const around = lastLetters(word.slice(0, start)) + firstLetters(word.slice(word.length - end));
    return /^[a-z]*$/.test(was + is) ? around + Math.max(was.length, is.length) : 0;
}

const firstLetters = (text: string): number => /^[a-z]*/.exec(text)?.[0].length ?? 0;
const lastLetters = (text: string): number => /[a-z]*$/.exec(text)?.[0].length ?? 0;

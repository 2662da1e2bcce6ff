/** Control characters, line separators, invisible formatting such as text direction, and halves of surrogate pairs: a terminal acts on them, or hides them. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

const escaped = (character: string): string =>
    UNPRINTABLE.test(character) ? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}` : character;

/** Text as a terminal shows it: one line, without control characters, at most `length` characters of it. */
export function printable(text: string, length = 1000): string {
    const cut = text.length > length ? `${text.slice(0, length)}… (${text.length} characters)` : text;
    return UNPRINTABLE.test(cut) ? Array.from(cut, escaped).join("") : cut;
}

/** Whether a terminal shows all of a text as it is. */
export const isPrintable = (text: string): boolean => !UNPRINTABLE.test(text);

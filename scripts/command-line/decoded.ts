import { stripVTControlCharacters } from "node:util";

/** Text that a program printed into a file: UTF-8, or the UTF-16 of PowerShell's `>`, without a byte order mark and without colors. */
export function decoded(bytes: Buffer): string {
    return stripVTControlCharacters(new TextDecoder(encodingOf(bytes)).decode(bytes));
}

/** Of UTF-16 without a byte order mark, the first character tells: JSON and what programs print begin with ASCII, which leaves every other byte zero. */
function encodingOf([first, second]: Buffer): string {
    if ((first === 0xfe && second === 0xff) || (first === 0 && second !== undefined && second !== 0)) {
        return "utf-16be";
    }
    if ((first === 0xff && second === 0xfe) || (first !== undefined && first !== 0 && second === 0)) {
        return "utf-16le";
    }
    return "utf-8";
}

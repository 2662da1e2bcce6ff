import { stripVTControlCharacters } from "node:util";

/** Decodes output that was redirected to a file: UTF-8, or UTF-16 from PowerShell's `>`. Removes the byte order mark and colors. */
export function decoded(bytes: Buffer): string {
    return stripVTControlCharacters(new TextDecoder(encodingOf(bytes)).decode(bytes));
}

/** Detects UTF-16 without a byte order mark by the first character: JSON and program output begin with ASCII, so every other byte is zero. */
function encodingOf([first, second]: Buffer): string {
    if ((first === 0xfe && second === 0xff) || (first === 0 && second !== undefined && second !== 0)) {
        return "utf-16be";
    }
    if ((first === 0xff && second === 0xfe) || (first !== undefined && first !== 0 && second === 0)) {
        return "utf-16le";
    }
    return "utf-8";
}

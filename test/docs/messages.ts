import { headingsOf, withoutCodeBlocks } from "./markdown";

/** A message that docs/operations/troubleshooting.md explains. */
export interface Explained {
    /** Title of the section, such as `Containers`. */
    readonly section: string;
    /** The message, with `…` for each value in it. */
    readonly message: string;
    /** The text below it. */
    readonly text: string;
}

/** The messages of the page, in order. A heading may name several. */
export function explainedIn(page: string): readonly Explained[] {
    const [, ...parts] = withoutCodeBlocks(page).split(/^(?=#{2,3} )/m);
    const found: Explained[] = [];
    let section = "";
    for (const part of parts) {
        const [heading] = headingsOf(part);
        if (heading?.level === 2) {
            section = heading.text;
            continue;
        }
        for (const [, message = ""] of heading?.text.matchAll(/`([^`]+)`/g) ?? []) {
            found.push({ section, message, text: part.slice(part.indexOf("\n")).trim() });
        }
    }
    return found;
}

/**
 * Whether one of the texts has the literal parts of a message, in order and on one line: the values in between come from the program.
 * @param message with `…` for each value
 */
export function isPrinted(message: string, sources: readonly string[]): boolean {
    const parts = message
        .split("…")
        .filter((part) => part !== "")
        .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
    const pattern = new RegExp(parts.join("[^\\n]*"));
    return sources.some((source) => pattern.test(source));
}

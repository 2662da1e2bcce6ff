import { isCollection, isScalar, visit, type Document, type Node, type Scalar } from "yaml";

/** Returns an error with the position of a node or a character. */
export type Problem = (at: Node | number, message: string) => Error;

/** Characters that YAML 1.1 reads as line ends, that YAML forbids, or that a decoder inserts for bytes that it cannot read. */
const FORBIDDEN = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffd-\uffff\ud800-\udfff]|\r(?!\n)|(?<!^)\ufeff/u;

/** Refuses characters that no stack file may have. */
export function checkCharacters(text: string, problem: Problem): void {
    const found = FORBIDDEN.exec(text);
    if (found !== null) {
        const code = (found[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
        throw problem(
            found.index,
            `the character U+${code} is not allowed. Save the file as UTF-8, and write the character as an escape in double quotes`,
        );
    }
}

/** The engine takes a tab before the first word of a line for indentation, which YAML forbids. */
export function checkTabs(text: string, document: Document.Parsed, problem: Problem): void {
    const tabs = [...text.matchAll(/^[ \t-]*\t/gm)].map(({ index }) => index);
    if (tabs.length === 0) {
        return;
    }
    const within: (readonly [number, number])[] = [];
    visit(document, {
        Scalar: (_, { range }) => {
            within.push([range?.[0] ?? 0, range?.[1] ?? 0]);
        },
    });
    const found = tabs.find((at) => !within.some(([start, end]) => start < at && at < end));
    if (found !== undefined) {
        throw problem(found, "there is a tab before the first word of the line: use spaces");
    }
}

/** Refuses directives and the ends of documents. */
export function checkDirectives(text: string, document: Document.Parsed, problem: Problem): void {
    const beginning = text.slice(0, document.contents?.range[0]);
    const directive = /^%/m.exec(beginning);
    if (directive !== null) {
        throw problem(directive.index, "directives are not supported in a stack file: remove the line");
    }
    const end = isScalar(document.contents) && document.contents.source === "" ? /^\.{3}/m.exec(text) : null;
    if (end !== null) {
        throw problem(end.index, "the document ends before it begins: remove the line");
    }
}

/** Whether a scalar without quotes inside of `[…]` or `{…}` has, or is followed by, a character that means something else to the engine there. */
export const isAmbiguous = (text: string, node: Scalar, path: readonly unknown[]): boolean =>
    node.type === "PLAIN" &&
    path.some((above) => isCollection(above) && above.flow === true) &&
    (/\?|^:|:$/.test(node.source ?? "") || (node.source !== "" && /^\s*:\S/.test(text.slice(node.range?.[1]))));

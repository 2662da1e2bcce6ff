import { isCollection, isMap, isPair, isScalar, type Node, type Pair, type YAMLMap } from "yaml";
import { plainScalar } from "../../components/stack-file/scalar";
import type { Layout } from "./written";

export const pairOf = (map: YAMLMap, name: string): Pair | undefined => map.items.find(({ key }) => isScalar(key) && key.value === name);

/** Whether a value is empty, or literally `null`. */
export const isNothing = (node: Node | null): boolean =>
    node === null ||
    (isScalar(node) && node.type === "PLAIN" && node.tag === undefined && plainScalar(String(node.value)).kind === "nothing");

/** Whether a value is `{}`. */
export const isEmptyMap = (text: string, node: Node | null): boolean =>
    isMap(node) && isFlow(node) && node.anchor === undefined && /^\{\s*\}$/.test(text.slice(...rangeOf(node)));

export const isFlow = (node: Node): boolean => isCollection(node) && node.flow === true;

export function layoutOf(text: string, map: YAMLMap): Layout {
    const [first] = map.items;
    const [, step = "  "] = /^\w[^\n]*:[^\n]*\n(?:\s*(?:#[^\n]*)?\n)*( +)\w/m.exec(text) ?? [];
    return {
        newline: newlineOf(text),
        step: step.length,
        column: isFlow(map) ? -1 : first === undefined ? 0 : columnOf(text, rangeOf(first.key as Node)[0]),
    };
}

export const newlineOf = (text: string): string => (text.includes("\r\n") ? "\r\n" : "\n");

export const lineStart = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;

export const columnOf = (text: string, at: number): number => at - lineStart(text, at);

/** Start of the next line; the same position if a value ended with its line. */
export function lineEnd(text: string, at: number): number {
    if (at > 0 && text[at - 1] === "\n") {
        return at;
    }
    const end = text.indexOf("\n", at);
    return end === -1 ? text.length : end + 1;
}

/** Where a pair ends: before the comments and empty lines that follow. */
export function pairEnd(text: string, pair: Pair): number {
    const value = pair.value as Node | null;
    const isEmpty = value === null || (isScalar(value) && value.type === "PLAIN" && value.value === "");
    return isEmpty ? colonEnd(text, pair) : lastEnd(text, value);
}

export const colonEnd = (text: string, { key }: Pair): number => {
    const [, end] = rangeOf(key as Node);
    const [colon = ""] = /^\s*:/.exec(text.slice(end)) ?? [];
    return end + colon.length;
};

export function lastEnd(text: string, node: Node): number {
    const last = isCollection(node) && !isFlow(node) ? (node.items.at(-1) as Node | Pair | null | undefined) : undefined;
    if (last === undefined || last === null) {
        return rangeOf(node)[1];
    }
    return isPair(last) ? pairEnd(text, last) : lastEnd(text, last);
}

export function rangeOf(node: Node): [start: number, end: number] {
    const [start, end] = node.range ?? [0, 0];
    return [start, end];
}

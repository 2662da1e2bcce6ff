import { isDeepStrictEqual } from "node:util";
import { isCollection, isMap, isPair, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import { plainScalar } from "../../components/stack-file/scalar";
import { readYaml, type Value } from "../../components/stack-file/yaml";
import { CommandError } from "../command-line/run";
import { orCommandError } from "./or-command-error";

/** A value for a stack file. Texts include their quotes. */
export type Written = string | readonly string[] | { readonly [key: string]: Written };

/**
 * The text of a stack file with one value set. Everything else stays the same, byte for byte, as does an equal value.
 * @param path keys from the top; missing maps on the way are added
 * @param file its name, for messages
 * @throws CommandError if the file cannot be read, or something on the way is not a map
 */
export function withValue(text: string, path: readonly string[], value: Written, file: string): string {
    const yaml = orCommandError(() => readYaml(text, file));
    if (isDeepStrictEqual(valueAt(yaml.value, path), meant(value))) {
        return text;
    }
    const root = yaml.document.contents as Node | null;
    if (isNothing(root)) {
        const newline = newlineOf(text);
        return withValue(`${text}${text === "" || text.endsWith("\n") ? "" : newline}${path[0] ?? ""}:${newline}`, path, value, file);
    }
    const { map, rest } = deepestMap(text, root, path, file);
    const [key = "", ...missing] = rest;
    const wanted = missing.reduceRight<Written>((inner, name) => ({ [name]: inner }), value);
    const pair = pairOf(map, key);
    const layout = layoutOf(text, map);
    if (pair === undefined) {
        return inserted(text, map, { [key]: wanted }, layout);
    }
    const present = pair.value as Node | null;
    if (present === null || isNothing(present) || isEmptyMap(text, present)) {
        return filled(text, pair, wanted, layout);
    }
    if (present.anchor !== undefined || present.tag !== undefined || (isList(wanted) ? !isSeq(present) : !isScalar(present))) {
        const what = isList(wanted) ? "a list" : "text";
        throw new CommandError(`${file} cannot be edited: ${path.join(".")} must be ${what} without an anchor or a tag.`);
    }
    const [start, end] = rangeOf(present);
    if (isList(wanted)) {
        const items = isFlow(present) ? flow(wanted) : block(wanted, columnOf(text, start), layout).trimStart();
        return text.slice(0, start) + items + text.slice(lastEnd(text, present));
    }
    return text.slice(0, start) + flow(wanted) + (text[end - 1] === "\n" ? layout.newline : "") + text.slice(end);
}

const valueAt = (value: Value | undefined, path: readonly string[]): Value | undefined =>
    path.reduce<Value | undefined>((at, key) => (at instanceof Map ? (at as ReadonlyMap<string, Value>).get(key) : undefined), value);

/** The value that the engine reads for a written one. */
const meant = (value: Written): unknown => (typeof value === "string" && value.startsWith('"') ? JSON.parse(value) : value);

/** The text of a stack file without one value, which may be missing already. */
export function withoutValue(text: string, path: readonly string[], file: string): string {
    const root = orCommandError(() => readYaml(text, file)).document.contents as Node | null;
    if (isNothing(root)) {
        return text;
    }
    const { map, rest } = deepestMap(text, root, path, file);
    const index = rest.length > 1 ? -1 : map.items.findIndex((pair) => pair === pairOf(map, rest[0] ?? ""));
    const pair = map.items[index];
    if (pair === undefined) {
        return text;
    }
    const [start] = rangeOf(pair.key as Node);
    const end = pairEnd(text, pair);
    if (!isFlow(map)) {
        return text.slice(0, lineStart(text, start)) + text.slice(lineEnd(text, end));
    }
    const [before, after] = [map.items[index - 1], map.items[index + 1]];
    return before === undefined
        ? text.slice(0, start) + text.slice(after === undefined ? end : rangeOf(after.key as Node)[0])
        : text.slice(0, pairEnd(text, before)) + text.slice(end);
}

interface Layout {
    readonly newline: string;
    /** Spaces of indentation of a nested map. */
    readonly step: number;
    /** Column of the keys of the map. */
    readonly column: number;
}

/** The deepest map on the way to a value, and the keys that follow it. */
function deepestMap(
    text: string,
    root: Node | null,
    path: readonly string[],
    file: string,
): { readonly map: YAMLMap; readonly rest: readonly string[] } {
    let node = root;
    for (let rest = path; ; rest = rest.slice(1)) {
        if (!isMap(node) || node.anchor !== undefined) {
            const where = path.slice(0, path.length - rest.length).join(".");
            throw new CommandError(`${file} is not a stack file: ${where === "" ? "it" : where} has to be a plain map, without an anchor.`);
        }
        const next = pairOf(node, rest[0] ?? "")?.value as Node | null | undefined;
        if (rest.length === 1 || next === undefined || isNothing(next) || isEmptyMap(text, next)) {
            return { map: node, rest };
        }
        node = next;
    }
}

function inserted(text: string, map: YAMLMap, added: Written, layout: Layout): string {
    const last = map.items.at(-1);
    if (isFlow(map)) {
        const at = last === undefined ? rangeOf(map)[0] + 1 : pairEnd(text, last);
        return `${text.slice(0, at)}${last === undefined ? "" : ", "}${flow(added).slice(2, -2)}${text.slice(at)}`;
    }
    return insertedLines(text, lineEnd(text, last === undefined ? 0 : pairEnd(text, last)), block(added, layout.column, layout), layout);
}

/** Adds a value to a key without one. */
function filled(text: string, pair: Pair, value: Written, layout: Layout): string {
    const colon = colonEnd(text, pair);
    const end = pairEnd(text, pair);
    const isInFlow = layout.column === -1;
    if (typeof value === "string" || isInFlow) {
        return `${text.slice(0, colon)} ${flow(value)}${text.slice(end)}`;
    }
    const bare = text.slice(0, colon) + text.slice(end);
    return insertedLines(bare, lineEnd(bare, colon), block(value, layout.column + layout.step, layout), layout);
}

function insertedLines(text: string, at: number, lines: string, { newline }: Layout): string {
    const before = text.slice(0, at);
    const isOpen = before !== "" && !before.endsWith("\n");
    return before + (isOpen ? newline : "") + lines + (isOpen ? "" : newline) + text.slice(at);
}

function block(value: Written, column: number, layout: Layout): string {
    const indent = " ".repeat(column);
    if (typeof value === "string") {
        return value;
    }
    if (isList(value)) {
        return value.map((item) => `${indent}- ${item}`).join(layout.newline);
    }
    return Object.entries(value)
        .map(([key, inner]) =>
            typeof inner === "string"
                ? `${indent}${key}: ${inner}`
                : `${indent}${key}:${layout.newline}${block(inner, column + layout.step, layout)}`,
        )
        .join(layout.newline);
}

function flow(value: Written): string {
    if (typeof value === "string") {
        return value;
    }
    return isList(value)
        ? `[${value.join(", ")}]`
        : `{ ${Object.entries(value)
              .map(([key, inner]) => `${key}: ${flow(inner)}`)
              .join(", ")} }`;
}

const isList = (value: Written): value is readonly string[] => Array.isArray(value);

const pairOf = (map: YAMLMap, name: string): Pair | undefined => map.items.find(({ key }) => isScalar(key) && key.value === name);

/** Whether a value is empty, or literally `null`. */
const isNothing = (node: Node | null): boolean =>
    node === null ||
    (isScalar(node) && node.type === "PLAIN" && node.tag === undefined && plainScalar(String(node.value)).kind === "nothing");

/** Whether a value is `{}`. */
const isEmptyMap = (text: string, node: Node | null): boolean =>
    isMap(node) && isFlow(node) && node.anchor === undefined && /^\{\s*\}$/.test(text.slice(...rangeOf(node)));

const isFlow = (node: Node): boolean => isCollection(node) && node.flow === true;

function layoutOf(text: string, map: YAMLMap): Layout {
    const [first] = map.items;
    const [, step = "  "] = /^\w[^\n]*:[^\n]*\n(?:\s*(?:#[^\n]*)?\n)*( +)\w/m.exec(text) ?? [];
    return {
        newline: newlineOf(text),
        step: step.length,
        column: isFlow(map) ? -1 : first === undefined ? 0 : columnOf(text, rangeOf(first.key as Node)[0]),
    };
}

const newlineOf = (text: string): string => (text.includes("\r\n") ? "\r\n" : "\n");

const lineStart = (text: string, at: number): number => text.lastIndexOf("\n", at - 1) + 1;

const columnOf = (text: string, at: number): number => at - lineStart(text, at);

/** Start of the next line; the same position if a value ended with its line. */
function lineEnd(text: string, at: number): number {
    if (at > 0 && text[at - 1] === "\n") {
        return at;
    }
    const end = text.indexOf("\n", at);
    return end === -1 ? text.length : end + 1;
}

/** Where a pair ends: before the comments and empty lines that follow. */
function pairEnd(text: string, pair: Pair): number {
    const value = pair.value as Node | null;
    const isEmpty = value === null || (isScalar(value) && value.type === "PLAIN" && value.value === "");
    return isEmpty ? colonEnd(text, pair) : lastEnd(text, value);
}

const colonEnd = (text: string, { key }: Pair): number => {
    const [, end] = rangeOf(key as Node);
    const [colon = ""] = /^\s*:/.exec(text.slice(end)) ?? [];
    return end + colon.length;
};

function lastEnd(text: string, node: Node): number {
    const last = isCollection(node) && !isFlow(node) ? (node.items.at(-1) as Node | Pair | null | undefined) : undefined;
    if (last === undefined || last === null) {
        return rangeOf(node)[1];
    }
    return isPair(last) ? pairEnd(text, last) : lastEnd(text, last);
}

function rangeOf(node: Node): [start: number, end: number] {
    const [start, end] = node.range ?? [0, 0];
    return [start, end];
}

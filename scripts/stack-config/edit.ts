import { isDeepStrictEqual } from "node:util";
import { isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from "yaml";
import { readYaml, type Value } from "../../components/stack-file/yaml";
import { CommandError } from "../command-line/run";
import {
    colonEnd,
    columnOf,
    isEmptyMap,
    isFlow,
    isNothing,
    lastEnd,
    layoutOf,
    lineEnd,
    lineStart,
    newlineOf,
    pairEnd,
    pairOf,
    rangeOf,
} from "./places";
import { block, flow, insertedLines, isList, meant, type Layout, type Written } from "./written";

/**
 * The text of a stack file with one value set. Everything else stays the same, byte for byte, as does an equal value.
 * @param path keys from the top; missing maps on the way are added
 * @param file its name, for messages
 * @throws StackFileError if the file cannot be read
 * @throws CommandError if a part of the path is not a plain map
 */
export function withValue(text: string, path: readonly string[], value: Written, file: string): string {
    const yaml = readYaml(text, file);
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

/** The text of a stack file without one value, which may be missing already. */
export function withoutValue(text: string, path: readonly string[], file: string): string {
    const root = readYaml(text, file).document.contents as Node | null;
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
            throw new CommandError(`${file} is not a stack file: ${where === "" ? "it" : where} must be a plain map without an anchor.`);
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

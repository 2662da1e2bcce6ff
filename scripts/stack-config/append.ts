import { isMap, isSeq, type Node, type YAMLMap, type YAMLSeq } from "yaml";
import { readYaml } from "../../components/stack-file/yaml";
import { CommandError } from "../command-line/run";
import { withValue } from "./edit";
import { columnOf, isFlow, isNothing, lastEnd, layoutOf, lineEnd, pairOf, rangeOf } from "./places";
import { block, flow, insertedLines, type Layout, type Written } from "./written";

/**
 * The text of a stack file with one more item at the end of a list. A missing list is added. Everything else stays the same, byte for byte.
 * @param path keys from the top
 * @param file its name, for messages
 * @throws StackFileError if the file cannot be read
 * @throws CommandError if the value is not a plain list
 */
export function withItem(text: string, path: readonly string[], item: Written, file: string): string {
    const root = readYaml(text, file).document.contents as Node | null;
    const list = path.reduce<Node | null | undefined>(
        (node, key) => (isMap(node) ? (pairOf(node, key)?.value as Node | null | undefined) : undefined),
        root,
    );
    if (list === undefined || list === null || isNothing(list)) {
        return withValue(text, path, [item], file);
    }
    if (!isSeq(list) || list.anchor !== undefined || list.tag !== undefined) {
        throw new CommandError(`${file} cannot be edited: ${path.join(".")} must be a list without an anchor or a tag.`);
    }
    return isFlow(list) ? inFlow(text, list, item) : inBlock(text, list, item, layoutOf(text, root as YAMLMap));
}

function inFlow(text: string, list: YAMLSeq, item: Written): string {
    const at = list.items.length === 0 ? rangeOf(list)[0] + 1 : lastEnd(text, list.items.at(-1) as Node);
    return `${text.slice(0, at)}${list.items.length === 0 ? "" : ", "}${flow(item)}${text.slice(at)}`;
}

function inBlock(text: string, list: YAMLSeq, item: Written, layout: Layout): string {
    const [start] = rangeOf(list.items[0] as Node);
    // The dash of the first item, which may be on a line before it.
    const column = columnOf(text, text.lastIndexOf("-", start - 1));
    return insertedLines(text, lineEnd(text, lastEnd(text, list)), block([item], column, layout), layout);
}

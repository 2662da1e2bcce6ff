/** A value for a stack file. Texts include their quotes. */
export type Written = string | readonly Written[] | { readonly [key: string]: Written };

/** How a stack file is laid out. */
export interface Layout {
    readonly newline: string;
    /** Spaces of indentation of a nested map. */
    readonly step: number;
    /** Column of the keys of the map. */
    readonly column: number;
}

/** The value that the engine reads for a written one. */
export const meant = (value: Written): unknown => (typeof value === "string" && value.startsWith('"') ? JSON.parse(value) : value);

/** A value on separate lines, at a column. */
export function block(value: Written, column: number, layout: Layout): string {
    const indent = " ".repeat(column);
    if (typeof value === "string") {
        return value;
    }
    if (isList(value)) {
        return value.map((item) => listItem(item, column, layout)).join(layout.newline);
    }
    return Object.entries(value)
        .map(([key, inner]) =>
            typeof inner === "string"
                ? `${indent}${key}: ${inner}`
                : `${indent}${key}:${layout.newline}${block(inner, column + layout.step, layout)}`,
        )
        .join(layout.newline);
}

/** A value within a line. */
export function flow(value: Written): string {
    if (typeof value === "string") {
        return value;
    }
    return isList(value)
        ? `[${value.map(flow).join(", ")}]`
        : `{ ${Object.entries(value)
              .map(([key, inner]) => `${key}: ${flow(inner)}`)
              .join(", ")} }`;
}

/** An item of a list: a dash, and the lines of a map next to it. */
const listItem = (item: Written, column: number, layout: Layout): string =>
    `${" ".repeat(column)}- ${block(item, column + 2, layout).trimStart()}`;

export const isList = (value: Written): value is readonly Written[] => Array.isArray(value);

/** Puts lines between the lines of a text; a text without a newline at its end keeps none. */
export function insertedLines(text: string, at: number, lines: string, { newline }: Layout): string {
    const before = text.slice(0, at);
    const isOpen = before !== "" && !before.endsWith("\n");
    return before + (isOpen ? newline : "") + lines + (isOpen ? "" : newline) + text.slice(at);
}

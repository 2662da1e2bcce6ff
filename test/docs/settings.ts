/** Section and key → default, as the configuration reference prints it. */
export function defaultsIn(reference: string): ReadonlyMap<string, string> {
    const sections = reference.split(/^## /m).slice(1);
    return new Map(
        sections.flatMap((section) => {
            const [name = ""] = section.split("\n", 1);
            return rowsOf(section).map(([key = "", , value = ""]) => [`${name}.${key.replaceAll("`", "")}`, value] as const);
        }),
    );
}

/** The settings of the cost tables. */
export function costsIn(page: string): readonly { readonly key: string; readonly value: string }[] {
    return rowsOf(page)
        .map(([key = "", value = ""]) => ({ key: key.replaceAll("`", ""), value }))
        .filter(({ key }) => /^[a-z]+\./.test(key));
}

/** The cells of table rows that begin with code; `\|` is no border. */
const rowsOf = (page: string): readonly (readonly string[])[] =>
    page
        .split("\n")
        .filter((line) => line.startsWith("| `"))
        .map((line) =>
            line
                .split(/(?<!\\)\|/)
                .slice(1, -1)
                .map((cell) => cell.trim()),
        );

/** A heading of a page. */
export interface Heading {
    readonly level: number;
    /** As it is written, without the `#` signs. */
    readonly text: string;
}

/** A page without its code blocks. */
export const withoutCodeBlocks = (page: string): string => page.replace(/^( *)(```|~~~)[^\n]*\n[\s\S]*?^\1\2 *$/gm, "");

/** The headings of a page, in order. */
export const headingsOf = (page: string): readonly Heading[] =>
    Array.from(withoutCodeBlocks(page).matchAll(/^(#{1,6}) +(.+?) *$/gm), ([, signs = "", text = ""]) => ({ level: signs.length, text }));

/** The targets of a page's links, without those inside of code. */
export const linksOf = (page: string): readonly string[] =>
    Array.from(
        withoutCodeBlocks(page)
            .replace(/`[^`\n]*`/g, "code")
            .matchAll(/\]\(([^()\s]+)\)/g),
        ([, target = ""]) => target,
    );

/** The texts that a page shows as code within a line. */
export const codeSpansOf = (page: string): readonly string[] =>
    Array.from(withoutCodeBlocks(page).matchAll(/`([^`\n]+)`/g), ([, text = ""]) => text);

/** The anchors of a page's headings, as GitHub names them: a repeated one gets a number. */
export function anchorsOf(page: string): ReadonlySet<string> {
    const anchors = new Set<string>();
    const seen = new Map<string, number>();
    for (const { text } of headingsOf(page)) {
        const anchor = text
            .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
            .toLowerCase()
            .replace(/[^\p{L}\p{N}\p{M}_ -]/gu, "")
            .replaceAll(" ", "-");
        const count = seen.get(anchor) ?? 0;
        anchors.add(count === 0 ? anchor : `${anchor}-${count}`);
        seen.set(anchor, count + 1);
    }
    return anchors;
}

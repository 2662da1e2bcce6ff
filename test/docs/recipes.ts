import * as fs from "node:fs";
import * as path from "node:path";

/** A change of a file that a page shows as a code block. */
export interface Change {
    /** Path of the file, from the root of the project. */
    readonly file: string;
    /** Text of a new file, or the lines of a diff. */
    readonly text: string;
    readonly kind: "new" | "diff" | "stack file";
}

/** A recipe: the title of its section, without the number of files, and its changes in order. */
export interface Recipe {
    readonly title: string;
    /** What follows the colon of the title, such as `1 file`. */
    readonly counted: string;
    readonly changes: readonly Change[];
}

/** The recipes of a page: its sections of the second level that have a colon in their title. */
export function recipesOf(page: string): readonly Recipe[] {
    return page.split(/^## /m).flatMap((section) => {
        const [, title, counted] = /^(.+): (.+)\n/.exec(section) ?? [];
        return title === undefined || counted === undefined ? [] : [{ title, counted, changes: changesOf(section) }];
    });
}

/**
 * The code blocks of a section. A `ts` block is a new file, which its first line names in a comment. A `diff` block changes the file that the text before it names last. A
 * `yaml` block is a part of a stack file.
 */
function changesOf(section: string): readonly Change[] {
    return Array.from(section.matchAll(/^```(ts|diff|yaml)\n([\s\S]*?)^```$/gm), ({ 1: language, 2: text = "", index }): Change => {
        if (language === "yaml") {
            return { kind: "stack file", file: "", text };
        }
        if (language === "ts") {
            return { kind: "new", file: /^\/\/ (\S+)\n/.exec(text)?.[1] ?? "", text };
        }
        const named = Array.from(section.slice(0, index).matchAll(/`([\w./-]+\.(?:ts|json|yaml))`/g), ([, file = ""]) => file);
        return { kind: "diff", file: named.at(-1) ?? "", text };
    });
}

/**
 * A text after a diff: each run of unchanged and removed lines is found in it, and replaced with the unchanged and added ones. Runs are separated by `@@`.
 * @throws Error if the text has such a run not at all, or several times
 */
export function patched(text: string, diff: string): string {
    const hunks = diff.replace(/\n$/, "").split("\n@@\n");
    return hunks.reduce((before, hunk) => {
        const lines = hunk.split("\n").map((line) => ({ sign: line.charAt(0), content: `${line.slice(1)}\n` }));
        const found = lines.flatMap(({ sign, content }) => (sign === "+" ? [] : [content])).join("");
        const written = lines.flatMap(({ sign, content }) => (sign === "-" ? [] : [content])).join("");
        const [head = "", tail, ...more] = `\n${before}`.split(`\n${found}`);
        if (tail === undefined || more.length > 0) {
            throw new Error(`${more.length === 0 ? "it does not have" : "it has several times"}:\n${found}`);
        }
        return `${head}\n${written}${tail}`.slice(1);
    }, text);
}

/** Applies a change to a copy of the project. @throws Error that names the file, if a diff does not fit it */
export function apply(folder: string, { kind, file, text }: Change): void {
    if (kind === "stack file") {
        return;
    }
    const target = path.join(folder, file);
    try {
        fs.mkdirSync(path.dirname(target), { recursive: true });
        fs.writeFileSync(target, kind === "new" ? text : patched(fs.readFileSync(target, "utf8"), text));
    } catch (error) {
        throw new Error(`${file}: ${(error as Error).message}`);
    }
}

import { CLASS_NAMES, CLASSES, type ClassName, type Consequence } from "./classes";
import { counted } from "./wording";

/** A comment on GitHub holds 65,536 characters; a caller may put something above and below. */
export const LONGEST_SUMMARY = 60_000;

/**
 * The summary of a preview: a section for each class, the gravest first, and in it a line for each consequence in the order that they are given in.
 * Of a preview too large for a comment each section keeps its beginning, and says how many lines it leaves out.
 */
export function markdown(title: string, consequences: readonly Consequence[], unchanged: number): string {
    const sections = CLASS_NAMES.map((name) => ({
        name,
        lines: consequences.filter((consequence) => consequence.class === name).map(({ text }) => `- ${text}`),
    })).filter(({ lines }) => lines.length > 0);
    const head = `## ${title}\n\n${overview(consequences, unchanged)}\n`;
    let left = LONGEST_SUMMARY - head.length - sections.reduce((sum, { name }) => sum + heading(name, 999_999).length + LEFT_OUT.length, 0);
    const parts = sections.map(({ name, lines }) => {
        const kept: string[] = [];
        for (const line of lines) {
            if (line.length + 1 > left) {
                break;
            }
            kept.push(line);
            left -= line.length + 1;
        }
        const rest = lines.length - kept.length;
        return [heading(name, lines.length), ...kept, ...(rest > 0 ? [`- … and ${rest} more`] : []), ""].join("\n");
    });
    return [head, ...parts].join("\n");
}

/** Room for the line that says how many are left out. */
const LEFT_OUT = "- … and 999999 more\n\n\n";

const heading = (name: ClassName, count: number): string =>
    `### ${"exit" in CLASSES[name] ? "⚠️ " : ""}${CLASSES[name].title} (${count})\n`;

function overview(consequences: readonly Consequence[], unchanged: number): string {
    if (consequences.some((consequence) => consequence.class === "preview-failed")) {
        return "The preview failed, so the changes below are incomplete.";
    }
    const rest = unchanged === 0 ? "" : ` ${counted(unchanged, "resource")} ${unchanged === 1 ? "stays" : "stay"} as before.`;
    const changes = consequences.filter((consequence) => consequence.class !== "noted");
    if (changes.length === 0) {
        return `Nothing changes.${rest}`;
    }
    const graves = changes.filter((consequence) => "exit" in CLASSES[consequence.class]).length;
    return `${counted(changes.length, "change")}, ${graves === 0 ? "none of them destructive" : `**${graves} destructive**`}.${rest}`;
}

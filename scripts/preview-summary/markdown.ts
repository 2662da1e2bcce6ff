import { CLASS_NAMES, CLASSES, type ClassName, type Consequence } from "./classes";
import { counted } from "./wording";

/** A GitHub comment has at most 65,536 characters; this leaves some for a caller's text above and below. */
export const LONGEST_SUMMARY = 60_000;

/**
 * The summary of a preview: a section for each class, the most severe first, with a line for each consequence in the given order.
 * If a preview is too large for a comment, each section keeps its beginning and says how many lines it omits.
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

/** Reserved for the line with the number of omitted lines. */
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

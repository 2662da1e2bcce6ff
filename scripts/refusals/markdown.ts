import type { Refusal, ServiceRefusals } from "./refusals";

/** The page docs/reference/refusals.md: message, cause and fix of each refusal. */
export function refusalsPage(services: readonly ServiceRefusals[]): string {
    const all = services.flatMap(({ refusals }) => refusals);
    const contents = services.map(({ service, refusals }) => `- [${service}](#${anchor(service)}): ${refusals.length}`);
    return [introduction(all), ...contents, "", ...services.flatMap(section)].join("\n");
}

function introduction(all: readonly Refusal[]): string {
    const reproduced = all.filter(({ request }) => request !== undefined).length;
    const refused = all.filter(({ stack }) => "refused" in stack).length;
    return `# Refusals of Google's APIs

Search this page for a part of the message of a failed update. \`…\` is a placeholder for a value. [Troubleshooting](../operations/troubleshooting.md) explains the messages of this
project itself.

The page lists ${all.length} refusals that people met, each with its source. The sandbox refuses ${reproduced} of them in the same words, marked with *sandbox*. A preview
reports ${refused} before anything changes. \`npm run docs\` writes the page from \`sandbox/test/cloud/refusals/\`; \`npm run check\` fails when it is stale.
`;
}

/** The anchor of a heading. https://docs.github.com/en/get-started/writing-on-github */
const anchor = (heading: string): string => heading.toLowerCase().replaceAll(" ", "-");

function section({ service, refusals }: ServiceRefusals): readonly string[] {
    return [`## ${service}`, "", ...refusals.flatMap(entry)];
}

function entry({ message, answer, cause, fix, source, stack, request }: Refusal): readonly string[] {
    const label = source.replace(/^https:\/\/(www\.)?/, "").replace(/^github\.com\/([^/]+\/[^/]+)\/(issues|pull)\//, "$1#");
    return [
        `### ${code(message)}`,
        "",
        `${answer}${request === undefined ? "" : ", _sandbox_"}. ${cause}`,
        "",
        `**Fix:** ${fix}`,
        "",
        `**In a stack:** ${inStack(stack)}`,
        "",
        `Source: [${label}](${source})`,
        "",
    ];
}

function inStack(stack: Refusal["stack"]): string {
    if ("refused" in stack) {
        const [key = "", ...problem] = stack.refused.problem.split(": ");
        return `a preview reports \`${key}\`: ${problem.join(": ")}.`.replace(/\.\.$/, ".");
    }
    return "cannot" in stack ? `does not occur. ${stack.cannot}` : `can occur. ${stack.can}`;
}

/** A code span. Text with backticks needs a longer fence. https://spec.commonmark.org/0.31.2/#code-spans */
const code = (text: string): string => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);

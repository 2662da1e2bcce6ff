import { buffer } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { decoded } from "../command-line/decoded";
import { readBytes } from "../command-line/read-text";
import { CommandError, runCommand } from "../command-line/run";
import { CLASS_NAMES, CLASSES, type ClassName } from "./classes";
import { parsePreview } from "./engine/preview";
import { summary } from "./summary";

const USAGE = "Usage: pulumi preview --json | npm run --silent preview:summary -- [file] [--title <heading>] [--allow <class>]…";

const HELP = `${USAGE}

Writes Markdown about a preview, for a pull request: what happens to nodes, runs, images and protected resources.

  file               the preview (default: standard input)
  --title <heading>  heading of the summary (default: Preview)
  --allow <class>    a class of consequence that does not fail the command

Exits with the status of the most severe class that is not allowed:
${Object.entries(CLASSES)
    .flatMap(([name, one]) => ("exit" in one ? [`  ${name.padEnd(20)} ${one.exit}`] : []))
    .join("\n")}
`;

async function main(): Promise<number> {
    const { values, positionals } = parseArgs({
        options: { allow: { type: "string", multiple: true, default: [] }, title: { type: "string", default: "Preview" } },
        allowPositionals: true,
    });
    if (positionals.length > 1 || (positionals.length === 0 && process.stdin.isTTY)) {
        throw new CommandError(USAGE);
    }
    const allowed = values.allow.map(className);
    const printed = await (positionals[0] === undefined ? buffer(process.stdin) : readBytes(positionals[0]));
    const preview = parsePreview(decoded(printed));
    const { markdown, exit } = summary(preview, values.title, allowed);
    process.stdout.write(markdown);
    return exit;
}

function className(name: string): ClassName {
    const found = CLASS_NAMES.find((known) => known === name);
    if (found === undefined) {
        throw new CommandError(`Unknown class ${name}. Classes: ${CLASS_NAMES.join(", ")}.`);
    }
    return found;
}

void runCommand(main, HELP);

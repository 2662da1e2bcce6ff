import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { readText } from "./command-line/read-text";
import { CommandError, runCommand } from "./command-line/run";
import { CLASS_NAMES, type ClassName } from "./preview-summary/classes";
import { parsePreview } from "./preview-summary/preview";
import { summary } from "./preview-summary/summary";

const USAGE = "Usage: pulumi preview --json | npm run --silent preview:summary -- [file] [--title <heading>] [--allow <class>]…";

async function main(): Promise<number> {
    const { values, positionals } = parseArgs({
        options: { allow: { type: "string", multiple: true, default: [] }, title: { type: "string", default: "Preview" } },
        allowPositionals: true,
    });
    if (positionals.length > 1 || (positionals.length === 0 && process.stdin.isTTY)) throw new CommandError(USAGE);
    const preview = parsePreview(await (positionals[0] === undefined ? text(process.stdin) : readText(positionals[0])));
    const { markdown, exit } = summary(preview, values.title, values.allow.map(className));
    process.stdout.write(markdown);
    return exit;
}

function className(name: string): ClassName {
    const found = CLASS_NAMES.find((known) => known === name);
    if (found === undefined) throw new CommandError(`There is no class ${name}. Classes: ${CLASS_NAMES.join(", ")}.`);
    return found;
}

void runCommand(main);

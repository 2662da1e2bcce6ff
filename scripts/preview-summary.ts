import * as fs from "node:fs";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
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
    const preview = parsePreview(await read(positionals[0]));
    const { markdown, exit } = summary(preview, values.title, values.allow.map(className));
    process.stdout.write(markdown);
    return exit;
}

async function read(file: string | undefined): Promise<string> {
    if (file === undefined) return text(process.stdin);
    if (!fs.existsSync(file)) throw new CommandError(`${file} is not there.`);
    return fs.promises.readFile(file, "utf8");
}

function className(name: string): ClassName {
    const found = CLASS_NAMES.find((known) => known === name);
    if (found === undefined) throw new CommandError(`There is no class ${name}. Classes: ${CLASS_NAMES.join(", ")}.`);
    return found;
}

void runCommand(main);

import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { parseArgs } from "node:util";
import { CommandError, runCommand } from "./command-line/run";
import { CLASS_NAMES, type ClassName } from "./preview-summary/classes";
import type { ChangedFiles } from "./preview-summary/image";
import { parsePreview } from "./preview-summary/preview";
import { summary } from "./preview-summary/summary";

const USAGE = "Usage: pulumi preview --json | npm run --silent preview:summary -- [file] [--title <heading>] [--allow <class>]…";

/** The files that git knows to differ; a clone without that commit (a shallow one) cannot tell. */
const changedFiles: ChangedFiles = (folder, commit) => {
    try {
        const output = execFileSync("git", ["diff", "--name-only", "--end-of-options", commit, "--", folder], {
            encoding: "utf8",
            stdio: ["ignore", "pipe", "ignore"],
        });
        return output.split("\n").filter((line) => line !== "");
    } catch {
        return undefined;
    }
};

function main(): number {
    const { values, positionals } = parseArgs({
        options: { allow: { type: "string", multiple: true, default: [] }, title: { type: "string", default: "Preview" } },
        allowPositionals: true,
    });
    if (positionals.length > 1 || (positionals.length === 0 && process.stdin.isTTY)) throw new CommandError(USAGE);
    const preview = parsePreview(read(positionals[0]));
    const { markdown, exit } = summary(preview, values.title, values.allow.map(className), changedFiles);
    process.stdout.write(markdown);
    return exit;
}

function read(file: string | undefined): string {
    if (file === undefined) return fs.readFileSync(process.stdin.fd, "utf8");
    if (!fs.existsSync(file)) throw new CommandError(`${file} is not there.`);
    return fs.readFileSync(file, "utf8");
}

function className(name: string): ClassName {
    const found = CLASS_NAMES.find((known) => known === name);
    if (found === undefined) throw new CommandError(`There is no class ${name}. Classes: ${CLASS_NAMES.join(", ")}.`);
    return found;
}

void runCommand(main);

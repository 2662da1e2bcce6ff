// Writes docs/configuration.md from the schemas of the configuration. With --check, only reports whether the page is outdated.
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as prettier from "prettier";
import { sections } from "../../components/config/sections";
import { CommandError, runCommand } from "../command-line/run";
import { configurationReference } from "./markdown";

const PAGE = path.join(__dirname, "../../docs/configuration.md");

const HELP = `Usage: npm run docs [-- --check]

Writes docs/configuration.md from the config.ts files of components/.
  --check  write nothing; fail when the page is stale
`;

async function main(args: readonly string[]): Promise<number> {
    const unknown = args.find((arg) => arg !== "--check");
    if (unknown !== undefined) {
        throw new CommandError(`unknown option ${unknown}\n${HELP}`);
    }
    const options = (await prettier.resolveConfig(PAGE)) ?? {};
    const page = await prettier.format(configurationReference(sections), { ...options, filepath: PAGE });
    if (!args.includes("--check")) {
        writeFileSync(PAGE, page);
        return 0;
    }
    if (readFileSync(PAGE, "utf8") !== page) {
        throw new CommandError("docs/configuration.md is stale: run `npm run docs` and commit the page");
    }
    return 0;
}

void runCommand(main, HELP);

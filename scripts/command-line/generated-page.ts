import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import * as prettier from "prettier";
import { CommandError, runCommand } from "./run";

/**
 * Runs a command that writes a page of the documentation. With `--check`, it only reports whether the page is outdated.
 * @param page path of the file in docs/, such as `reference/configuration.md`
 * @param from source of the page, for the message
 * @param render returns the page as Markdown, which the command formats
 */
export function runPageCommand(page: string, from: string, render: () => string): void {
    const file = path.join(__dirname, "../../docs", page);
    const help = `Usage: npm run docs

Writes docs/${page} from ${from}.
  --check  write nothing; fail when the page is stale (npm run check)
`;
    const main = async (args: readonly string[]): Promise<number> => {
        const unknown = args.find((arg) => arg !== "--check");
        if (unknown !== undefined) {
            throw new CommandError(`unknown option ${unknown}\n${help}`);
        }
        const options = (await prettier.resolveConfig(file)) ?? {};
        const text = await prettier.format(render(), { ...options, filepath: file });
        if (!args.includes("--check")) {
            writeFileSync(file, text);
        } else if (readFileSync(file, "utf8") !== text) {
            throw new CommandError(`docs/${page} is stale: run \`npm run docs\` and commit the page`);
        }
        return 0;
    };
    void runCommand(main, help);
}

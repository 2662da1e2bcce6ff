import * as path from "node:path";
import { parseArgs } from "node:util";
import { encryptedKeys } from "../../components/config/encrypted";
import { parseConfig } from "../../components/config/load";
import { readText } from "../command-line/read-text";
import { CommandError } from "../command-line/run";
import { replaceFile } from "../promotion/replace-file";
import { stackFileName } from "../promotion/stack-files";
import { rawConfig } from "../stack-config/raw-config";
import { filesOf, isThere, writeFolder } from "./folder";
import { contextsOf, type Edit, type Kind, type Target } from "./kind";
import { checkName } from "./name";
import { service } from "./service";
import { checkEdited, edited } from "./stack-edits";
import { training } from "./training";
import { worker } from "./worker";

const KINDS: Readonly<Record<string, Kind>> = { service, training, worker };

const USAGE = "Usage: npm run new -- <service|training|worker> <name> [--stack <stack>] [--pool <pool>]";

export const HELP = `${USAGE}

Writes models/<name>/ with the code of a model, its test and the Dockerfile of its image, and adds the image and the service, run or worker to a stack file. The command
keeps an existing folder as it is, so repeat it to add the same model to another stack.

  service            a handler for the project's server
  training           a training loop for the project's trainer
  worker             a handler for the project's worker, which takes tasks from a queue
  --stack <stack>    the stack that deploys it (default: sandbox)
  --pool <pool>      the GPU pool of its pods (default: the pool that others of the same kind use)
`;

/**
 * `npm run new`.
 * @param args arguments of the command
 * @param folder the program's folder
 * @param print receives the output of the command
 * @returns the exit status
 * @throws CommandError or ConfigError if the request is not valid; then nothing was written
 */
export async function writeNew(args: readonly string[], folder: string, print: (text: string) => void): Promise<number> {
    const { values, positionals } = parseArgs({
        args: [...args],
        options: { stack: { type: "string", default: "sandbox" }, pool: { type: "string" } },
        allowPositionals: true,
    });
    const [kindName = "", name = "", ...more] = positionals;
    const kind = Object.hasOwn(KINDS, kindName) ? KINDS[kindName] : undefined;
    if (kind === undefined || name === "" || more.length > 0) {
        throw new CommandError(USAGE);
    }
    checkName(name);
    const { stack } = values;
    const file = stackFileName(stack, folder);
    const [project, text] = await Promise.all(["Pulumi.yaml", file].map((each) => readText(path.join(folder, each))));
    const source = { stack, file, project: project ?? "", text: text ?? "" };
    const raw = rawConfig(source.project, source.text, file);
    const target: Target = { stack, config: parseConfig(raw, stack, encryptedKeys(raw)), pool: values.pool };

    const context = `models/${name}`;
    const written = isThere(path.join(folder, context), context, kind.mainFile);
    const edits = [...imageEdits(name, context, kind, target), ...kind.edits(name, target)];
    const after = edited(source, edits);
    checkEdited(source, after, name);

    const files = written ? {} : filesOf(kind, name);
    writeFolder(path.join(folder, context), files);
    await replaceFile(path.join(folder, file), after);
    print(report(context, Object.keys(files), file, kind.next(name, target)));
    return 0;
}

/** Adds the image to a stack that builds images. Other stacks get it with a release. */
function imageEdits(name: string, context: string, kind: Kind, { stack, config }: Target): readonly Edit[] {
    if (config.images?.from === "release") {
        return [];
    }
    if (config.images?.named.some((image) => image.name === name) === true) {
        throw new CommandError(`Pulumi.${stack}.yaml already has an image ${name}; nothing was changed.`);
    }
    return [{ path: ["ml-platform:images", name], set: { context, contexts: contextsOf(kind) } }];
}

function report(context: string, files: readonly string[], file: string, next: readonly string[]): string {
    const folder = files.length === 0 ? [`  ${context} (kept as it is)`] : files.map((each) => `  ${context}/${each}`);
    return `Wrote\n${[...folder, `  ${file}`].join("\n")}\nNext\n${next.map((command) => `  ${command}`).join("\n")}\n`;
}

import * as fs from "node:fs";
import * as path from "node:path";
import { isMap, parseDocument } from "yaml";
import type { Home } from "../home";
import { type Finished, runPulumi } from "./run";

/** What a stack file says of encrypting secrets; of the real backend in the clone, of the sandbox's passphrase here. */
const SECRETS_KEYS = ["secretsprovider", "encryptedkey", "encryptionsalt"] as const;

/** Names of the stacks that have a file in the clone. */
export function stackNames(home: Home): readonly string[] {
    return fs
        .readdirSync(home.clone)
        .map((file) => /^Pulumi\.([^.]+)\.yaml$/.exec(file)?.[1])
        .filter((name): name is string => name !== undefined);
}

/**
 * The sandbox's copy of a stack file: its values as they are in the clone now, with the sandbox's own encryption. The engine reads this one,
 * and writes to it, so that trying a stack here never changes the file that is committed.
 * @returns the copy's path
 * @throws Error where the file is not YAML
 */
export function stackFile(home: Home, stack: string): string {
    const file = `Pulumi.${stack}.yaml`;
    const copy = path.join(workspace(home), file);
    const document = parseDocument(fs.readFileSync(path.join(home.clone, file), "utf8"));
    const [error] = document.errors;
    if (error !== undefined) throw new Error(`${file} is not valid YAML: ${error.message.split("\n", 1).join("").replace(/:$/, "")}`);
    for (const key of SECRETS_KEYS) if (isMap(document.contents)) document.delete(key);
    if (fs.existsSync(copy)) {
        const salt = parseDocument(fs.readFileSync(copy, "utf8")).get("encryptionsalt");
        if (salt !== undefined) document.set("encryptionsalt", salt);
    }
    fs.writeFileSync(copy, document.toString());
    return copy;
}

/** Makes the stack in the sandbox's backend where it is not there yet. */
export async function ensureStack(home: Home, stack: string): Promise<void> {
    const project = projectName(home);
    if (fs.existsSync(path.join(home.root, "state", ".pulumi", "stacks", project, `${stack}.json`))) return;
    fs.mkdirSync(workspace(home), { recursive: true });
    fs.writeFileSync(path.join(workspace(home), "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
    const made: Finished = await runPulumi(home, ["stack", "init", stack, "--no-select"], { cwd: workspace(home), capture: true });
    if (made.code !== 0) throw new Error(`The stack ${stack} could not be made in the sandbox: ${made.output.trim()}`);
}

function workspace(home: Home): string {
    return path.join(home.root, "workspace");
}

function projectName(home: Home): string {
    return String(parseDocument(fs.readFileSync(path.join(home.clone, "Pulumi.yaml"), "utf8")).get("name"));
}

import * as fs from "node:fs";
import * as path from "node:path";
import { type Document, isMap, parseDocument } from "yaml";
import type { Home } from "../home";
import { encryptedForSandbox, otherEncryption, SALT_KEY, withSalt } from "./encryption";
import { usesGivenGcpPlugin } from "./plugins";
import { type Finished, runPulumi } from "./run";

/** Returns the names of the stacks with a file in the clone. */
export function stackNames(home: Home): readonly string[] {
    return fs
        .readdirSync(home.clone)
        .map((file) => /^Pulumi\.([^.]+)\.yaml$/.exec(file)?.[1])
        .filter((name): name is string => name !== undefined);
}

/**
 * Updates the sandbox's copy of a stack file: the clone's current values, with the sandbox's encryption. The engine reads and writes the
 * copy, so that trying a stack never changes its committed file.
 * @returns the path of the copy
 * @throws Error if the file is not valid YAML
 */
export function stackFile(home: Home, stack: string): string {
    const copy = path.join(workspace(home), `Pulumi.${stack}.yaml`);
    const text = encryptedForSandbox(readStackFile(home, stack).text);
    fs.writeFileSync(copy, usesGivenGcpPlugin(home) ? withShortPolls(text) : text);
    return copy;
}

/** Sets the interval in which the official provider polls operations. Its default is 10 s, and no environment variable changes it. */
function withShortPolls(text: string): string {
    const document = parseDocument(text);
    document.setIn(["config", "gcp:pollInterval"], "200ms");
    return document.toString();
}

/**
 * Runs a command that writes an encrypted value to the clone's stack file, so that the sandbox can decrypt it. If the command fails, the
 * file is not changed.
 * @throws Error if the file is encrypted for another backend
 */
export async function encrypting(home: Home, stack: string, run: () => Promise<Finished>): Promise<Finished> {
    const file = path.join(home.clone, `Pulumi.${stack}.yaml`);
    const { text: before, document } = readStackFile(home, stack);
    const backend = otherEncryption(document);
    if (backend !== undefined) {
        throw new Error(
            `Pulumi.${stack}.yaml is encrypted for another backend (${backend}). Set the secret there: pulumi config set --secret --stack ${stack}. The sandbox runs the stack with a placeholder for each secret.`,
        );
    }
    if (!document.has(SALT_KEY)) {
        fs.writeFileSync(file, withSalt(before));
    }
    const finished = await run();
    if (finished.code !== 0) {
        fs.writeFileSync(file, before);
    }
    return finished;
}

function readStackFile(home: Home, stack: string): { readonly text: string; readonly document: Document } {
    const file = `Pulumi.${stack}.yaml`;
    const text = fs.readFileSync(path.join(home.clone, file), "utf8");
    const document = parseDocument(text);
    const [error] = document.errors;
    if (error !== undefined) {
        throw new Error(`${file} is not valid YAML: ${error.message.split("\n", 1).join("").replace(/:$/, "")}`);
    }
    if (document.contents !== null && !isMap(document.contents)) {
        throw new Error(`${file} is not a stack file: it is not a map.`);
    }
    return { text, document };
}

/**
 * Whether images of a stack come through a proxy of Docker Hub: `registry.dockerHubProxy` of a stack that builds images or uses some from Docker Hub. A stack that runs the
 * images of its release has no use for the proxy.
 * @throws Error if the file is not valid YAML
 */
export function pullsThroughProxy(home: Home, stack: string): boolean {
    const { document } = readStackFile(home, stack);
    const value = (...path: readonly string[]) => document.getIn(["config", ...path]);
    return (
        String(value("ml-platform:registry", "dockerHubProxy")) === "true" &&
        value("ml-platform:images") !== undefined &&
        value("ml-platform:images", "from") !== "release"
    );
}

/** Returns the Google Cloud project of a stack; undefined if its file has none. @throws Error if the file is not valid YAML */
export function stackProject(home: Home, stack: string): string | undefined {
    const project = readStackFile(home, stack).document.getIn(["config", "gcp:project"]);
    return typeof project === "string" ? project : undefined;
}

/** Creates the stack in the sandbox's backend if it does not exist. */
export async function ensureStack(home: Home, stack: string): Promise<void> {
    const project = projectName(home);
    if (fs.existsSync(path.join(stateFolder(home), "stacks", project, `${stack}.json`))) {
        return;
    }
    fs.mkdirSync(workspace(home), { recursive: true });
    fs.writeFileSync(path.join(workspace(home), "Pulumi.yaml"), `name: ${project}\nruntime: nodejs\n`);
    const made: Finished = await runPulumi(home, ["stack", "init", stack, "--no-select"], { cwd: workspace(home), capture: true });
    if (made.code !== 0) {
        throw new Error(`The stack ${stack} could not be created in the sandbox: ${made.output.trim()}`);
    }
}

/** Folder of the backend's states and locks. */
export function stateFolder(home: Home): string {
    return path.join(home.root, "state", ".pulumi");
}

function workspace(home: Home): string {
    return path.join(home.root, "workspace");
}

/** Returns the name of the Pulumi project. */
export function projectName(home: Home): string {
    return String(parseDocument(fs.readFileSync(path.join(home.clone, "Pulumi.yaml"), "utf8")).get("name"));
}

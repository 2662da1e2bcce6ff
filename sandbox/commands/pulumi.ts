import * as fs from "node:fs";
import * as path from "node:path";
import { ensureDaemon } from "../daemon/client";
import type { Home } from "../home";
import { clientEnvironment } from "../identity/client-environment";
import { tokenOf } from "../identity/impersonate";
import { clearDeadLocks, settlePendingOperations } from "../pulumi/interrupted";
import { runPulumi } from "../pulumi/run";
import { encrypting, ensureStack, pullsThroughProxy, stackFile, stackNames } from "../pulumi/stacks";
import { protectedUrns } from "../pulumi/state";
import { ensureTools } from "../toolchain/ensure";

/** The default stack of all commands. */
export const DEFAULT_STACK = "sandbox";

/** Commands that run the program or read the stack's configuration. They accept `--config-file`. */
const WITH_CONFIG_FILE = new Set(["preview", "pre", "up", "update", "refresh", "destroy", "down", "import", "watch"]);
/** Commands that change resources. Before each one, the sandbox resolves pending operations of interrupted commands. */
const CHANGING = new Set(["up", "update", "destroy", "down"]);
const UPDATING = new Set(["up", "update"]);
const DESTROYING = new Set(["destroy", "down"]);
/** Subcommands of `config` that write the stack file in the clone. The others read the sandbox's decryptable copy. */
const WRITING_CONFIG = new Set(["set", "set-all", "rm", "rm-all", "cp", "refresh", "env"]);
/** Commands that accept `--stack`. */
const WITH_STACK = new Set([...WITH_CONFIG_FILE, "stack", "state", "config", "cancel", "logs"]);

/**
 * Runs a Pulumi command against the simulated cloud.
 * @param as email of the service account that the Google Cloud provider uses. Default: the sandbox's owner
 */
export async function pulumi(home: Home, args: readonly string[], as?: string): Promise<number> {
    ensureTools(home);
    const daemon = await ensureDaemon(home);
    const token = as === undefined ? undefined : await tokenOf(home, daemon, as);
    const command = await onSandbox(home, args);
    // The program reads the builds of a trigger through Google's API.
    const run = () => runPulumi(home, command, { token, env: clientEnvironment(home, daemon, token) });
    const { code } = await (encrypts(args) ? encrypting(home, namedStack(args) ?? DEFAULT_STACK, run) : run());
    return code;
}

/** Whether the command writes an encrypted value to the stack file. */
const encrypts = ([command, ...args]: readonly string[]): boolean => command === "config" && args.some((arg) => /^--secret(=|$)/.test(arg));

/** Adds the stack and its stack file to the command. Creates the stack in the sandbox's backend if it does not exist. */
async function onSandbox(home: Home, args: readonly string[]): Promise<readonly string[]> {
    const command = args[0] ?? "";
    if (!WITH_STACK.has(command)) {
        return args;
    }
    const named = namedStack(args);
    const stack = named ?? DEFAULT_STACK;
    const file = path.join(home.clone, `Pulumi.${stack}.yaml`);
    if (!fs.existsSync(file)) {
        throw new Error(
            `There is no stack ${stack}: ${path.basename(file)} does not exist. Stacks with a file: ${stackNames(home).join(", ")}.`,
        );
    }
    if (UPDATING.has(command)) {
        refuseDockerHubProxy(home, stack);
    }
    await ensureStack(home, stack);
    for (const pid of clearDeadLocks(home, stack)) {
        process.stderr.write(`Removed the lock of stack ${stack}: its process ${pid} was killed during an update.\n`);
    }
    if (DESTROYING.has(command) && skipsPreview(args)) {
        refuseWhereProtected(home, stack);
    }
    if (CHANGING.has(command)) {
        await settlePendingOperations(home, stack);
    }
    const added = named === undefined ? ["--stack", stack] : [];
    if (WITH_CONFIG_FILE.has(command) || (command === "config" && !WRITING_CONFIG.has(args[1] ?? ""))) {
        added.push("--config-file", stackFile(home, stack));
    }
    return [command, ...added, ...args.slice(1).map((arg, index, all) => packOf(home, arg, all[index - 1]))];
}

const skipsPreview = (args: readonly string[]): boolean => args.some((arg) => /^(--skip-preview(=true)?|-f)$/.test(arg));

/**
 * Refuses to destroy a stack with protected resources. Without a preview, the engine would only refuse after it has deleted other
 * resources.
 * @throws Error that lists the protected resources
 */
function refuseWhereProtected(home: Home, stack: string): void {
    const urns = protectedUrns(home, stack);
    if (urns.length === 0) {
        return;
    }
    throw new Error(
        `Stack ${stack} has protected resources; nothing was deleted:\n${urns.map((urn) => `  ${urn}\n`).join("")}` +
            'See docs/operations/runbooks.md, section "Take a stack down", for how to remove the protection.',
    );
}

/**
 * Refuses to update a stack whose images come through a proxy of Docker Hub. The sandbox records the proxy but does not serve it, so builds
 * and pods would not find their images.
 * @throws Error with the command that turns the proxy off
 */
function refuseDockerHubProxy(home: Home, stack: string): void {
    if (pullsThroughProxy(home, stack)) {
        throw new Error(
            `Stack ${stack} pulls images through a proxy of Docker Hub (ml-platform:registry.dockerHubProxy), which the sandbox does not serve; nothing was changed. ` +
                `A preview works. To update the stack on the sandbox, turn the proxy off: npm run sandbox -- config set --stack ${stack} --path ml-platform:registry.dockerHubProxy false`,
        );
    }
}

/**
 * Replaces a policy pack's folder with its launcher. The locally compiled language host cannot start packs, but the engine also accepts an
 * executable.
 */
function packOf(home: Home, arg: string, previous: string | undefined): string {
    const [, option = "", folder = arg] = /^(--policy-pack=)?(.+)$/.exec(arg) ?? [];
    const launcher = path.join(folder, "launch");
    const named = option !== "" || previous === "--policy-pack";
    return named && fs.existsSync(path.join(home.clone, launcher)) ? `${option}${launcher}` : arg;
}

/** Returns the value of `--stack` or `-s`, in any form that Pulumi accepts. */
export function namedStack(args: readonly string[]): string | undefined {
    const at = args.findIndex((arg) => arg === "--stack" || arg === "-s");
    if (at !== -1) {
        return args[at + 1];
    }
    return args.map((arg) => /^(?:--stack=|-s=?)(.+)$/.exec(arg)?.[1]).find((value) => value !== undefined);
}

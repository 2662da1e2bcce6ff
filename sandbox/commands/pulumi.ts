import * as fs from "node:fs";
import * as path from "node:path";
import { ensureDaemon } from "../daemon/client";
import type { Home } from "../home";
import { clearDeadLocks, settlePendingOperations } from "../pulumi/interrupted";
import { runPulumi } from "../pulumi/run";
import { encrypting, ensureStack, stackFile, stackNames } from "../pulumi/stacks";
import { protectedUrns } from "../pulumi/state";
import { ensureTools } from "../toolchain/ensure";

/** The stack that commands use unless they name another one. */
export const DEFAULT_STACK = "sandbox";

/** Commands that run the program or read the stack's configuration, and take `--config-file`. */
const WITH_CONFIG_FILE = new Set(["preview", "pre", "up", "update", "refresh", "destroy", "down", "import", "watch"]);
/** Commands that change resources. They first settle what an interrupted command left. */
const CHANGING = new Set(["up", "update", "destroy", "down"]);
const DESTROYING = new Set(["destroy", "down"]);
/** Subcommands of `config` that write the stack file in the clone. The others read the sandbox's copy, which it can decrypt. */
const WRITING_CONFIG = new Set(["set", "set-all", "rm", "rm-all", "cp", "refresh", "env"]);
/** Commands that take `--stack`. */
const WITH_STACK = new Set([...WITH_CONFIG_FILE, "stack", "state", "config", "cancel", "logs"]);

/** Runs a Pulumi command against the simulated cloud. */
export async function pulumi(home: Home, args: readonly string[]): Promise<number> {
    ensureTools(home);
    await ensureDaemon(home);
    const command = await onSandbox(home, args);
    const run = () => runPulumi(home, command);
    const { code } = await (encrypts(args) ? encrypting(home, namedStack(args) ?? DEFAULT_STACK, run) : run());
    return code;
}

/** Whether a command encrypts a value in the stack file. */
const encrypts = ([command, ...args]: readonly string[]): boolean => command === "config" && args.some((arg) => /^--secret(=|$)/.test(arg));

/** The command with its stack and stack file. The stack is created in the sandbox's backend if it does not exist there. */
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
            `There is no stack ${stack}: ${path.basename(file)} is not there. Stacks with a file: ${stackNames(home).join(", ")}.`,
        );
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
 * The preview refuses to delete a protected resource, and then nothing is deleted. Without a preview, the engine refuses only after it has deleted other resources.
 * @throws Error that names the protected resources
 */
function refuseWhereProtected(home: Home, stack: string): void {
    const urns = protectedUrns(home, stack);
    if (urns.length === 0) {
        return;
    }
    throw new Error(
        `Stack ${stack} has protected resources; nothing was deleted:\n${urns.map((urn) => `  ${urn}\n`).join("")}` +
            'See docs/runbooks.md, section "Take a stack down", for how to remove the protection.',
    );
}

/**
 * The launcher of a policy pack in place of its folder. The language host that is compiled here cannot start packs, and the engine accepts an executable.
 */
function packOf(home: Home, arg: string, previous: string | undefined): string {
    const [, option = "", folder = arg] = /^(--policy-pack=)?(.+)$/.exec(arg) ?? [];
    const launcher = path.join(folder, "launch");
    const named = option !== "" || previous === "--policy-pack";
    return named && fs.existsSync(path.join(home.clone, launcher)) ? `${option}${launcher}` : arg;
}

/** The value of `--stack` or `-s`, in any form that Pulumi accepts. */
export function namedStack(args: readonly string[]): string | undefined {
    const at = args.findIndex((arg) => arg === "--stack" || arg === "-s");
    if (at !== -1) {
        return args[at + 1];
    }
    return args.map((arg) => /^(?:--stack=|-s=?)(.+)$/.exec(arg)?.[1]).find((value) => value !== undefined);
}

import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Home } from "../home";
import { endOrphanedPlugins, isEngine } from "./engine-processes";
import { runPulumi } from "./run";
import { type Deployment, existingId, withoutPendingOperations } from "./pending-operations";
import { projectName, stackFile, stateFolder } from "./stacks";
import { readState } from "./state";

/** The backend writes a lock to a temporary file and renames it immediately. An older temporary file is left over from a killed engine. */
const WRITING_MS = 5000;

/**
 * Removes the locks and kills the plugins of killed engines. Keeps the locks of running engines and of other machines, whose processes are
 * not visible here.
 * @returns process IDs of the engines that held the removed locks
 */
export function clearDeadLocks(home: Home, stack: string): readonly number[] {
    const dead: number[] = [];
    for (const file of unfinishedLocks(home, stack)) {
        fs.rmSync(file, { force: true });
    }
    for (const file of lockFiles(home, stack)) {
        const lock = readLock(file);
        if (lock.hostname === os.hostname() && !isEngine(lock.pid)) {
            fs.rmSync(file, { force: true });
            dead.push(lock.pid);
        }
    }
    endOrphanedPlugins(home);
    return dead;
}

const lockFiles = (home: Home, stack: string): readonly string[] => filesOfLocks(home, stack).filter((name) => name.endsWith(".json"));

/** The backend reads every file in this folder as a lock. */
function unfinishedLocks(home: Home, stack: string): readonly string[] {
    const before = Date.now() - WRITING_MS;
    return filesOfLocks(home, stack).filter((file) => file.endsWith(".tmp") && fs.statSync(file).mtimeMs < before);
}

function filesOfLocks(home: Home, stack: string): readonly string[] {
    const folder = path.join(stateFolder(home), "locks", "organization", projectName(home), stack);
    return fs.existsSync(folder) ? fs.readdirSync(folder).map((name) => path.join(folder, name)) : [];
}

/**
 * Resolves the pending operations of a killed engine, so that the next update starts from the actual resources: adds created resources to
 * the state and drops all other operations. A running update has pending operations too; they are kept, and Pulumi reports that the stack
 * is locked.
 * @throws Error with Pulumi's output if a command fails
 */
export async function settlePendingOperations(home: Home, stack: string): Promise<void> {
    if (lockFiles(home, stack).length > 0) {
        return;
    }
    const deployment = readState(home, stack);
    const pending = deployment?.pending_operations ?? [];
    if (deployment === undefined || pending.length === 0) {
        return;
    }

    process.stderr.write(`Pulumi was killed during an update of stack ${stack}. Resolving its pending operations:\n`);
    for (const { type, resource } of pending) {
        process.stderr.write(`  ${type} ${resource.type} ${resource.urn.split("::").at(-1) ?? ""}\n`);
    }
    const settled = withoutPendingOperations(deployment, (resource) => existingId(home, resource));
    await edit(home, stack, settled);
    const urns = new Set(settled.resources?.map(({ urn }) => urn));
    const targets = pending.flatMap(({ resource: { urn } }) => (urns.has(urn) ? ["--target", urn] : []));
    if (targets.length > 0) {
        await succeeding(home, [
            "refresh",
            "--yes",
            "--skip-preview",
            "--stack",
            stack,
            "--config-file",
            stackFile(home, stack),
            ...targets,
        ]);
    }
}

/** Replaces the state of a stack. */
async function edit(home: Home, stack: string, deployment: Deployment): Promise<void> {
    const file = path.join(home.root, "workspace", `${stack}-state.json`);
    fs.writeFileSync(file, JSON.stringify({ version: 3, deployment }), { mode: 0o600 });
    try {
        await succeeding(home, ["stack", "import", "--stack", stack, "--file", file]);
    } finally {
        fs.rmSync(file);
    }
}

async function succeeding(home: Home, args: readonly string[]): Promise<void> {
    const { code, output } = await runPulumi(home, args, { capture: true });
    if (code !== 0) {
        throw new Error(`The pending operations of the interrupted update could not be resolved:\n${output.trim()}`);
    }
}

function readLock(file: string): { readonly pid: number; readonly hostname: string } {
    return JSON.parse(fs.readFileSync(file, "utf8")) as { pid: number; hostname: string };
}

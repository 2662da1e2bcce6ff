import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import type { Home } from "../home";
import { pulumiEnvironment } from "./environment";

/** Exit status of a command, and its captured output. */
export interface Finished {
    readonly code: number;
    readonly output: string;
}

/** Runs the sandbox's Pulumi CLI. Without `capture`, it uses the terminal. */
export async function runPulumi(home: Home, args: readonly string[], options: { cwd?: string; capture?: boolean } = {}): Promise<Finished> {
    const child = spawn(path.join(home.tools, "pulumi"), args, {
        cwd: options.cwd ?? home.clone,
        env: pulumiEnvironment(home, process.env),
        stdio: options.capture === true ? ["ignore", "pipe", "pipe"] : "inherit",
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
        stream?.on("data", (chunk: Buffer) => (output += chunk.toString()));
    }
    // Ctrl-C is sent to the whole process group: the engine cancels its update while this process waits for it.
    const ignore = (): void => undefined;
    process.on("SIGINT", ignore);
    const [code] = (await once(child, "close")) as [number | null];
    process.off("SIGINT", ignore);
    return { code: code ?? 1, output };
}

import { spawn } from "node:child_process";
import { once } from "node:events";

/** The result of a program. */
export interface Ended {
    readonly code: number;
    readonly stdout: string;
    readonly stderr: string;
}

/** Runs a program until it exits, with any exit status. */
export async function run(
    command: string,
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
    folder?: string,
): Promise<Ended> {
    const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (chunk: string) => (stdout += chunk));
    child.stderr.setEncoding("utf8").on("data", (chunk: string) => (stderr += chunk));
    const [code] = (await once(child, "close")) as [number | null];
    return { code: code ?? 128, stdout, stderr };
}

/** Runs a program that must succeed. @returns its standard output @throws Error with the last lines of its output */
export async function must(...command: Parameters<typeof run>): Promise<string> {
    const { code, stdout, stderr } = await run(...command);
    if (code !== 0) {
        throw new Error(`${command[0]} ${command[1].join(" ")} ended with ${code}:\n${(stdout + stderr).slice(-4000)}`);
    }
    return stdout;
}

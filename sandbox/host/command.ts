import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * Runs a program to its end and gives what it wrote.
 * @throws Error with its standard error where it fails
 */
export async function command(program: string, ...args: readonly string[]): Promise<string> {
    const { stdout } = await run(program, [...args], { maxBuffer: 64 * 1024 * 1024 }).catch((error: unknown) => {
        const { stderr, message } = error as { stderr?: string; message: string };
        throw new Error(`${program} ${args.join(" ")}: ${stderr?.trim() ? stderr.trim() : message}`);
    });
    return stdout;
}

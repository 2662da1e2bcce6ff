import { spawn } from "node:child_process";
import { once } from "node:events";
import { CommandError } from "./run";

/**
 * Runs a program that writes to the terminal itself.
 * @returns its exit status
 * @throws CommandError if it is missing
 */
export async function runProgram(program: string, args: readonly string[], folder: string): Promise<number> {
    const child = spawn(program, args, { cwd: folder, stdio: "inherit" });
    try {
        const [code] = (await once(child, "close")) as [number | null];
        return code ?? 1;
    } catch (error) {
        throw new CommandError(`${program} cannot be run: ${(error as Error).message}`);
    }
}

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CommandError } from "./run";

const execute = promisify(execFile);

/** A program that ended with an error, or is not there. */
export class ProgramError extends CommandError {
    /**
     * @param program its name on PATH
     * @param missing whether there is no such program
     * @param output what it wrote to its error output
     */
    constructor(
        readonly program: string,
        readonly missing: boolean,
        readonly output: string,
    ) {
        super(missing ? `${program} is not on PATH` : `${program}: ${firstLine(output)}`);
    }
}

/**
 * What a program on PATH prints.
 * @throws ProgramError where it is missing, or its exit status is not 0
 */
export async function outputOf(program: string, args: readonly string[], folder: string): Promise<string> {
    try {
        const { stdout } = await execute(program, args, { cwd: folder, maxBuffer: 1 << 28, env: { ...process.env, LC_ALL: "C" } });
        return stdout;
    } catch (error) {
        const { code, stderr, message } = error as { code?: unknown; stderr?: string; message: string };
        throw new ProgramError(program, code === "ENOENT", stderr?.trim() === "" || stderr === undefined ? message : stderr);
    }
}

/** The first line that says something; programs put "error:" before it. */
function firstLine(output: string): string {
    const lines = output.split("\n").map((line) => line.trim());
    return (lines.find((line) => line !== "") ?? "it failed and said nothing").replace(/^(error|fatal): /, "");
}

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";

/** Options for running a program. */
export interface CommandOptions {
    /** @default the working directory of this process */
    readonly cwd?: string;
    /** Complete environment. @default the environment of this process */
    readonly env?: NodeJS.ProcessEnv;
    /** Time limit in milliseconds. @default no limit */
    readonly timeoutMs?: number;
}

/** Thrown when a program cannot be started or fails. */
export class CommandError extends Error {
    /**
     * @param line the command line
     * @param reason standard error of the program, or Node's message if there is none
     * @param code exit status, or a code such as ENOENT if the program could not be started
     */
    constructor(
        line: string,
        readonly reason: string,
        readonly code: unknown,
    ) {
        super(`${line}: ${reason}`);
    }
}

const MAX_OUTPUT_BYTES = 64 * 2 ** 20;

/**
 * Runs a program and waits until it exits.
 * @returns its standard output
 * @throws CommandError if it fails
 */
export function command(program: string, args: readonly string[], { timeoutMs, ...options }: CommandOptions = {}): Promise<string> {
    return new Promise((resolve, reject) => {
        execFile(program, args, { ...options, timeout: timeoutMs, maxBuffer: MAX_OUTPUT_BYTES }, (error, stdout, stderr) => {
            if (error === null) {
                resolve(stdout);
            } else {
                reject(new CommandError([program, ...args].join(" "), (stderr.trim() || error.message).trim(), error.code));
            }
        });
    });
}

/** Whether a program exits with status 0. */
export function succeeds(program: string, args: readonly string[], options?: CommandOptions): Promise<boolean> {
    return command(program, args, options).then(
        () => true,
        () => false,
    );
}

/**
 * Runs a program in this process's terminal.
 * @returns its exit status; undefined if a signal ended it
 * @throws CommandError if it could not be started
 */
export async function inTerminal(program: string, args: readonly string[], options: CommandOptions = {}): Promise<number | undefined> {
    const { timeoutMs, ...rest } = options;
    const child = spawn(program, args, { ...rest, timeout: timeoutMs, stdio: "inherit" });
    try {
        const [code] = (await once(child, "close")) as [number | null];
        return code ?? undefined;
    } catch (error) {
        throw new CommandError(program, (error as Error).message, (error as NodeJS.ErrnoException).code);
    }
}

/**
 * Finds a command on PATH; undefined if it is not there.
 * @param except a folder of PATH to ignore
 */
export function onPath(name: string, except?: string): string | undefined {
    const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== except);
    return folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
}

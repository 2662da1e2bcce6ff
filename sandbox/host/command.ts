import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import * as fs from "node:fs";
import * as path from "node:path";

/** How a program is run. */
export interface CommandOptions {
    /** @default this process's folder */
    readonly cwd?: string;
    /** The whole environment. @default this process's */
    readonly env?: NodeJS.ProcessEnv;
    /** Milliseconds after which the program is ended. @default no limit */
    readonly timeoutMs?: number;
}

/** A program that could not be started or failed. */
export class CommandError extends Error {
    /**
     * @param line the command line
     * @param reason what the program wrote to standard error, or what Node says if it wrote nothing
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
 * Runs a program to its end.
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

/** Whether a program ends with the status 0. */
export function succeeds(program: string, args: readonly string[], options?: CommandOptions): Promise<boolean> {
    return command(program, args, options).then(
        () => true,
        () => false,
    );
}

/**
 * Runs a program that uses the terminal of this process.
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
 * The path of the first file on PATH with a command's name; undefined if no folder has one.
 * @param except a folder of PATH that does not count
 */
export function onPath(name: string, except?: string): string | undefined {
    const folders = (process.env.PATH ?? "").split(path.delimiter).filter((folder) => folder !== except);
    return folders.map((folder) => path.join(folder, name)).find((file) => fs.existsSync(file));
}

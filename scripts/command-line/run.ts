/** An error of a command that its user can fix: one line, without a stack trace. */
export class CommandError extends Error {
    override readonly name = "CommandError";
}

/**
 * Runs a command and sets the exit status of the process: what the command returns, or 1 where it throws. Of an error its message is printed; the
 * stack only where nobody foresaw the error.
 * @param command is given what follows its name
 * @param help what is printed for `--help`, instead of running the command
 */
export async function runCommand(command: (args: readonly string[]) => number | Promise<number>, help?: string): Promise<void> {
    const args = process.argv.slice(2);
    if (help !== undefined && args.includes("--help")) {
        process.stdout.write(help);
        return;
    }
    try {
        process.exitCode = await command(args);
    } catch (error) {
        process.stderr.write(`${description(error)}\n`);
        process.exitCode = 1;
    }
}

/** What is printed of an error that ends a command. */
export function description(error: unknown): string {
    if (error instanceof CommandError || isArgumentError(error) || isConfigError(error)) {
        return error.message;
    }
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** What `parseArgs` of Node throws for an option that is unknown, or has no value. https://nodejs.org/api/util.html#utilparseargsconfig */
function isArgumentError(error: unknown): error is Error {
    return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_");
}

/** What the program's configuration says of itself; by its name, so that commands which read none do not load it. */
const isConfigError = (error: unknown): error is Error => error instanceof Error && error.name === "ConfigError";

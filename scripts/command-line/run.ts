/** An error that the user of a command can fix. It prints as one line, without a stack trace. */
export class CommandError extends Error {
    override readonly name = "CommandError";
}

/**
 * Runs a command and sets the exit status of the process: the command's result, or 1 if it throws. Prints the message of an error, and the stack only of an
 * unexpected one.
 * @param command receives its arguments
 * @param help text that `--help` prints instead of running the command
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

/** The text that is printed for an error. */
export function description(error: unknown): string {
    if (error instanceof CommandError || isArgumentError(error) || isStackError(error)) {
        return error.message;
    }
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** Errors of Node's `parseArgs` for an unknown option, or one without a value. https://nodejs.org/api/util.html#utilparseargsconfig */
function isArgumentError(error: unknown): error is Error {
    return error instanceof Error && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS_");
}

/** An error of the configuration or the stack file, recognized by its name, so that commands that read neither do not load them. */
const isStackError = (error: unknown): error is Error => error instanceof Error && ["ConfigError", "StackFileError"].includes(error.name);

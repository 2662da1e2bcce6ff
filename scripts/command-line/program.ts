import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CommandError } from "./run";

const execute = promisify(execFile);

/** A program failed, or does not exist. */
export class ProgramError extends CommandError {
    /**
     * @param program its name on PATH
     * @param missing whether the program does not exist
     * @param output its error output
     */
    constructor(
        readonly program: string,
        readonly missing: boolean,
        readonly output: string,
    ) {
        super(missing ? notOnPath(program, process.env) : `${program}: ${firstLine(output)}`);
    }
}

/**
 * The output of a program on PATH.
 * @throws ProgramError if it is missing, or its exit status is not 0
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

/** Download pages of programs that the user installs. */
const INSTALL: Readonly<Record<string, string>> = {
    pulumi: "https://www.pulumi.com/docs/iac/download-install/",
    gcloud: "https://cloud.google.com/sdk/docs/install",
    git: "https://git-scm.com/downloads",
};

/** The error for a missing program, with its remedy. Commands that run in the sandbox have its Pulumi on their PATH. */
export function notOnPath(program: string, { npm_lifecycle_event: script }: NodeJS.ProcessEnv): string {
    const source = INSTALL[program];
    const install = source === undefined ? "" : `: install it (${source})`;
    const onSandbox = `npm run sandbox -- run npm run ${script ?? "<command>"} -- …`;
    return `${program} is not on PATH${install}${program === "pulumi" ? `, or use the sandbox's: ${onSandbox}` : ""}`;
}

/** The line that starts with "error:" or "fatal:", else the first one that is not empty. Without that word, and without the name that gcloud adds to it. */
function firstLine(output: string): string {
    const lines = output.split("\n").map((line) => line.trim());
    const reason = lines.find((line) => ERROR.test(line)) ?? lines.find((line) => line !== "");
    return (reason ?? "it failed without a message").replace(ERROR, "");
}

const ERROR = /^(error|fatal): (\(gcloud\.[\w.-]+\) )?/i;

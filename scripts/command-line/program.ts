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
        super(missing ? notOnPath(program, process.env) : `${program}: ${firstLine(output)}`);
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

/** Where the programs that a person installs come from. */
const INSTALL: Readonly<Record<string, string>> = {
    pulumi: "https://www.pulumi.com/docs/iac/download-install/",
    gcloud: "https://cloud.google.com/sdk/docs/install",
    git: "https://git-scm.com/downloads",
};

/** What to do where a program is missing. The sandbox puts another Pulumi on the PATH of the commands that it runs. */
export function notOnPath(program: string, { npm_lifecycle_event: script }: NodeJS.ProcessEnv): string {
    const source = INSTALL[program];
    const install = source === undefined ? "" : `: install it (${source})`;
    const onSandbox = `npm run sandbox -- run npm run ${script ?? "<command>"} -- …`;
    return `${program} is not on PATH${install}${program === "pulumi" ? `, or use the sandbox's: ${onSandbox}` : ""}`;
}

/** The first line that says something; programs put "error:" before it. */
function firstLine(output: string): string {
    const lines = output.split("\n").map((line) => line.trim());
    return (lines.find((line) => line !== "") ?? "it failed without a message").replace(/^(error|fatal): /, "");
}

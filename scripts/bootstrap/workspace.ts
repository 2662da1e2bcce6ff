import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { CommandError as PulumiError, type LocalWorkspaceOptions, LocalWorkspace, type PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { notOnPath } from "../command-line/program";
import { CommandError } from "../command-line/run";

/** Name of the Pulumi project with one stack per prepared project. */
const PROJECT = "ml-platform-bootstrap";

/**
 * Runs `work` in a folder with the project file of the bootstrap program. The folder is removed afterwards, because the arguments of the command are the only configuration.
 * @param backend address of the backend that keeps the program's state
 * @throws CommandError if Pulumi is missing, or fails
 */
export async function inWorkspace<Result>(
    backend: string,
    program: PulumiFn,
    work: (workspace: LocalWorkspace) => Promise<Result>,
): Promise<Result> {
    const workDir = fs.mkdtempSync(path.join(os.tmpdir(), "bootstrap-"));
    const options: LocalWorkspaceOptions = {
        workDir,
        program,
        projectSettings: { name: PROJECT, runtime: "nodejs" },
        // The state has no secrets, so its passphrase protects nothing.
        envVars: { PULUMI_BACKEND_URL: backend, PULUMI_CONFIG_PASSPHRASE: "" },
    };
    try {
        return await work(await LocalWorkspace.create(options));
    } catch (error) {
        throw explained(error);
    } finally {
        fs.rmSync(workDir, { recursive: true, force: true });
    }
}

/** The stack of an environment. Creates it if it does not exist. */
export const stackOf = (workspace: LocalWorkspace, environment: string): Promise<Stack> => Stack.createOrSelect(environment, workspace);

/** A `CommandError` for an error of Pulumi; any other error unchanged. */
function explained(error: unknown): unknown {
    if (!(error instanceof PulumiError)) {
        return error;
    }
    return new CommandError(error.message.includes("spawn pulumi ENOENT") ? notOnPath("pulumi", process.env) : problemOf(error));
}

/** The errors in Pulumi's output, without duplicates: the message contains each one in Pulumi's output and in the output of the failed command. */
export function problemOf({ message }: Error): string {
    const errors = message.split("\n").flatMap((line) => /^\s*error: (.*)$/.exec(line)?.[1] ?? []);
    return errors.length > 0 ? [...new Set(errors)].join("\n") : message;
}

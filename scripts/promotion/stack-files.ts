import * as fs from "node:fs";
import * as path from "node:path";
import { outputOf, ProgramError } from "../command-line/program";
import { CommandError } from "../command-line/run";

/**
 * Name of a stack's file.
 * @throws CommandError if it is missing, naming the stacks that have one
 */
export function stackFileName(stack: string, folder: string): string {
    const known = fs.readdirSync(folder).flatMap((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1] ?? []);
    if (known.includes(stack)) {
        return `Pulumi.${stack}.yaml`;
    }
    throw new CommandError(
        `There is no stack ${stack}: Pulumi.${stack}.yaml does not exist. Stacks with a file: ${known.sort().join(", ") || "none"}.`,
    );
}

/**
 * Makes sure that a stack file has no uncommitted changes, so that the promotion is the only change, and git can revert it.
 * @throws CommandError if it has uncommitted changes
 */
export async function checkCommitted(file: string, folder: string): Promise<void> {
    const status = await git(["status", "--porcelain", "--ignored", "--", file], folder);
    if (status !== "") {
        throw new CommandError(`${file} has uncommitted changes: commit or undo them first.`);
    }
}

async function git(args: readonly string[], folder: string): Promise<string> {
    try {
        return await outputOf("git", args, folder);
    } catch (error) {
        if (error instanceof ProgramError && error.output.includes("not a git repository")) {
            throw new CommandError(
                `${path.resolve(folder)} is not in a git repository: a promotion is a commit, and rolling back needs its history.`,
            );
        }
        throw error;
    }
}

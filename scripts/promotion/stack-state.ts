import { outputOf, ProgramError } from "../command-line/program";
import { CommandError } from "../command-line/run";
import { type Release, releaseRecord } from "./release";

/**
 * The release that a stack runs, as Pulumi's backend has it.
 * @throws CommandError where there is no such stack, or it runs none
 */
export async function deployedRelease(stack: string, folder: string): Promise<Release> {
    const outputs = await pulumiJson(["stack", "output", "--json", "--stack", stack], stack, folder);
    const history = await pulumiJson(["stack", "history", "--json", "--stack", stack], stack, folder);
    return releaseRecord(stack, outputs, history);
}

async function pulumiJson(args: readonly string[], stack: string, folder: string): Promise<unknown> {
    try {
        return JSON.parse(await outputOf("pulumi", args, folder));
    } catch (error) {
        if (error instanceof ProgramError && /no stack named|stack .*not found/i.test(error.output)) {
            throw new CommandError(
                `There is no stack ${stack} in Pulumi's backend: it was never deployed, or \`pulumi login\` names another backend.`,
            );
        }
        throw error;
    }
}

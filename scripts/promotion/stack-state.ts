import { outputOf, ProgramError } from "../command-line/program";
import { CommandError } from "../command-line/run";
import { isDeployment, type Release, releaseRecord } from "./release";

/**
 * The release that a stack runs, from Pulumi's backend.
 * @throws CommandError if the stack does not exist or has no release
 */
export async function deployedRelease(stack: string, folder: string): Promise<Release> {
    const outputs = await pulumiJson(["stack", "output", "--json", "--stack", stack], stack, folder);
    return releaseRecord(stack, outputs, await history(stack, folder));
}

/** Updates per page. Pulumi's default is 10, and a stack that is refreshed every hour has more since its last update. */
const PAGE = 100;

/** The history of a stack, newest first, back to its last successful update. */
async function history(stack: string, folder: string): Promise<unknown[]> {
    const updates: unknown[] = [];
    for (let page = 1; ; page++) {
        const args = ["stack", "history", "--json", "--stack", stack, "--page-size", String(PAGE), "--page", String(page)];
        const found = await pulumiJson(args, stack, folder);
        if (!Array.isArray(found)) {
            return updates;
        }
        updates.push(...(found as unknown[]));
        if (found.length !== PAGE || found.some(isDeployment)) {
            return updates;
        }
    }
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

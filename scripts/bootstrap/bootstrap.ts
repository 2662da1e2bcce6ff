import type { OutputMap, PulumiFn, Stack } from "@pulumi/pulumi/automation";
import { PreparedProject } from "../../bootstrap/prepared-project";
import { backendUrl, type BootstrapSettings } from "../../bootstrap/settings";
import { findOwnState, forgetUnused, moveState } from "./own-state";
import { quotaTask } from "./quota";
import { type Prepared, report } from "./report";
import { readRequest } from "./settings";
import { inWorkspace, stackOf } from "./workspace";

export const HELP = `Usage: npm run bootstrap -- --project <id> --repository <owner/name> [--environment dev|staging|prod] [--region <region>] [--dry-run]

Prepares a Google Cloud project for a stack: enables the APIs, creates the bucket and the key of Pulumi's state, lets the workflows of the GitHub repository authenticate, and
creates the service accounts that preview and deploy. Prints what is left to do. The same command is safe to repeat. Requires Pulumi, and the role Owner of the project.

  --project <id>             the project, which exists and has billing
  --repository <owner/name>  the GitHub repository with the stack files
  --environment <name>       the stack that is deployed to the project (default: dev). Prepare dev first: its project keeps the state of all stacks
  --region <region>          region of the state and the key (default: gcp:region of the stack file, or us-central1)
  --dry-run                  print what would be created, and create nothing
`;

/**
 * `npm run bootstrap`.
 * @param args arguments of the command
 * @param folder the program's folder
 * @param print receives the output of the command
 * @returns the exit status
 * @throws CommandError with the problems of the arguments, or with the error of Google or Pulumi
 */
export async function bootstrapProject(args: readonly string[], folder: string, print: (text: string) => void): Promise<number> {
    const { settings, dryRun } = await readRequest(args, folder);
    const program = programOf(settings);
    const bucket = backendUrl(settings.home);
    const state = await findOwnState(bucket, folder, program);
    const inStack = <Result>(work: (stack: Stack) => Promise<Result>): Promise<Result> =>
        inWorkspace(state.backend, program, async (workspace) => work(await stackOf(workspace, settings.environment)));
    try {
        if (dryRun) {
            await inStack((stack) => stack.preview({ onOutput: print, color: COLOR, suppressOutputs: true }));
            return 0;
        }
        const { outputs } = await inStack((stack) => stack.up({ onOutput: print, color: COLOR, suppressOutputs: true }));
        await moveState(state, bucket, settings.environment, program);
        print(report(settings, preparedIn(outputs), await quotaTask(settings.project)));
        return 0;
    } finally {
        await forgetUnused(state, program);
    }
}

/** The bootstrap program. Its outputs are `Prepared`. */
const programOf =
    (settings: BootstrapSettings): PulumiFn =>
    () => {
        const { secretsProvider, repositoryVariables, environmentVariables } = new PreparedProject(settings.environment, settings);
        return Promise.resolve({ secretsProvider, repositoryVariables, environmentVariables });
    };

/** Color of Pulumi's output, which is printed line by line, so that Pulumi cannot detect the terminal. */
const COLOR = process.stdout.isTTY ? "always" : "never";

/** The values of the program's outputs, without Pulumi's metadata. */
const preparedIn = (outputs: OutputMap): Prepared =>
    Object.fromEntries(Object.entries(outputs).map(([name, { value }]) => [name, value as unknown])) as unknown as Prepared;

import { CommandError, runCommand } from "./command-line/run";
import { deployableStacks } from "./promotion/deployable-stacks";

const HELP = `Usage: npm run --silent stacks

Prints, for a workflow of GitHub, the stacks that have a file and can be previewed and deployed. A stack that takes a release is not one of them before its first
promotion; a notice says so.
`;

function stacks(args: readonly string[]): number {
    if (args.length > 0) {
        throw new CommandError(HELP);
    }
    const { ready, awaitingPromotion } = deployableStacks(process.cwd());
    for (const stack of awaitingPromotion) {
        process.stderr.write(
            `::notice::${stack} deploys releases but has none yet, so it is not previewed or deployed. Promote the first one: npm run promote -- --from <stack> --to ${stack}\n`,
        );
    }
    process.stdout.write(`ready=${JSON.stringify(ready)}\n`);
    return 0;
}

void runCommand(stacks, HELP);

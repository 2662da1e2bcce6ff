import * as path from "node:path";
import type { View } from "../../cloud/cloud";
import { runningDaemon } from "../../daemon/client";
import type { Home } from "../../home";
import { inTerminal } from "../../host/command";
import { socketRequest } from "../../host/socket-request";
import { pulumiEnvironment } from "../../pulumi/environment";
import { buildkitAddress } from "../../registry/buildkit";
import { whyNot } from "./filter";
import { pushed, type Pushed } from "./pushed";
import { builderSteps } from "./steps";
import { readTriggers, type Trigger } from "./trigger";
import { withCommit } from "./work-tree";

const ANSWERS_WITHIN_MS = 10_000;

/**
 * `npm run sandbox -- push [<branch or tag>]`: simulates Cloud Build after a push. Each trigger of the simulated cloud applies its filters
 * and runs its steps on the commit. Nothing is pushed to a Git server.
 */
export async function push(home: Home, [name, ...rest]: readonly string[]): Promise<number> {
    if (rest.length > 0 || name?.startsWith("-") === true) {
        throw new Error("Name at most one branch or tag: npm run sandbox -- push [<branch or tag>]");
    }
    await runningDaemon(home);
    const env = { ...pulumiEnvironment(home, process.env), BUILDKIT_HOST: buildkitAddress(home) };
    const push = await pushed(home.clone, name, env);
    const ledger = await socketRequest(path.join(home.run, "cloud.sock"), "GET", "/ledger", ANSWERS_WITHIN_MS);
    const triggers = readTriggers(ledger.body as readonly View[]);
    if (triggers.length === 0) {
        throw new Error("The simulated cloud has no build trigger. Add the section `build` to a stack file, and deploy the stack.");
    }
    process.stdout.write(`Push of the ${push.kind} ${push.name} at ${push.commit.slice(0, 7)}\n`);
    for (const trigger of triggers) {
        const reason = whyNot(trigger, push);
        if (reason !== undefined) {
            process.stdout.write(`${trigger.name} of ${trigger.project} builds nothing: ${reason}.\n`);
        }
        const status = reason === undefined ? await build(home, trigger, push, env) : 0;
        if (status !== 0) {
            return status;
        }
    }
    return 0;
}

async function build(home: Home, trigger: Trigger, push: Pushed, env: Readonly<Record<string, string>>): Promise<number> {
    const steps = builderSteps(trigger, push);
    process.stdout.write(`${trigger.name} of ${trigger.project} builds ${steps.map(({ id }) => id).join(", ")}.\n`);
    const deadline = Date.now() + 1000 * Number.parseInt(trigger.build.timeout);
    return withCommit(home.clone, push.commit, env, async (tree) => {
        for (const { id, dir, args, images } of steps) {
            const timeoutMs = Math.max(1, deadline - Date.now());
            const code = await inTerminal("buildctl", args, { cwd: path.join(tree, dir), env, timeoutMs });
            if (code === undefined) {
                throw new Error(`The step ${id} exceeded the build's time limit of ${trigger.build.timeout}.`);
            }
            if (code !== 0) {
                return code;
            }
            process.stdout.write(images.map((image) => `${image}\n`).join(""));
        }
        return 0;
    });
}

import type { Entry } from "../../cloud/ledger";
import { ask, runningDaemon } from "../../daemon/client";
import type { Home } from "../../home";
import { buildSite } from "../../builds/builder";
import { pushed } from "../../builds/pushed";
import { startBuild } from "../../builds/run-build";
import { readTriggers } from "../../builds/trigger";
import { whyNot } from "./filter";

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
    const site = { ...buildSite(home), show: (text: string | Uint8Array) => process.stdout.write(text) };
    const push = await pushed(home.clone, name, site.env);
    const triggers = readTriggers(await ask<readonly Entry[]>(home, "GET", "/ledger", ANSWERS_WITHIN_MS));
    if (triggers.length === 0) {
        throw new Error("The simulated cloud has no build trigger. Add the section `build` to a stack file, and deploy the stack.");
    }
    process.stdout.write(`Push of the ${push.kind} ${push.name} at ${push.commit.slice(0, 7)}\n`);
    for (const trigger of triggers) {
        const reason = whyNot(trigger, push);
        if (reason !== undefined) {
            process.stdout.write(`${trigger.name} of ${trigger.project} builds nothing: ${reason}.\n`);
            continue;
        }
        const { steps, ended } = startBuild(site, trigger, push);
        process.stdout.write(`${trigger.name} of ${trigger.project} builds ${steps.map(({ id }) => id).join(", ")}.\n`);
        const status = await ended;
        if (status !== 0) {
            return status;
        }
    }
    return 0;
}

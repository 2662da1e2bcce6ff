import { ask, runningDaemon } from "../daemon/client";
import type { Home } from "../home";

const WITHIN_MS = 120_000;

/** `npm run sandbox -- preempt <pool>`: preempts a node of a spot pool, as Compute Engine does when it needs the capacity. */
export async function preempt(home: Home, [pool, ...rest]: readonly string[]): Promise<number> {
    if (pool === undefined || rest.length > 0) {
        throw new Error("Name one node pool: npm run sandbox -- preempt <pool>");
    }
    await runningDaemon(home);
    const { node } = await ask<{ node: string }>(home, "POST", `/preempt?pool=${encodeURIComponent(pool)}`, WITHIN_MS);
    process.stdout.write(`${node} was preempted.\n`);
    return 0;
}

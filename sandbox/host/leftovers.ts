import { setTimeout as delay } from "node:timers/promises";
import type { Home } from "../home";
import { environment, processIds, signal } from "./proc";

/** Environment variable of every process of a sandbox, used to find processes that outlive a killed daemon. */
export function marker(home: Home): Readonly<Record<string, string>> {
    return { ML_PLATFORM_SANDBOX: home.id };
}

/** Returns the IDs of all processes with a sandbox's marker, except this one. */
export function leftovers(home: Home): readonly number[] {
    const mark = Object.entries(marker(home)).map(([name, value]) => `${name}=${value}`);
    return processIds().filter((pid) => pid !== process.pid && mark.every((entry) => environment(pid).includes(entry)));
}

/** Kills all leftover processes and waits until they have exited. @returns their number */
export async function killLeftovers(home: Home): Promise<number> {
    const found = leftovers(home);
    for (let left = found; left.length > 0; left = leftovers(home)) {
        for (const pid of left) {
            signal(pid, "SIGKILL");
        }
        await delay(50);
    }
    return found.length;
}

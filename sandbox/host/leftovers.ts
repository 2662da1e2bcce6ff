import * as fs from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { Home } from "../home";

/** Environment variable of every process of a sandbox, to find them after the daemon was killed. */
export function marker(home: Home): Readonly<Record<string, string>> {
    return { ML_PLATFORM_SANDBOX: home.id };
}

/** Ids of the processes with a sandbox's marker, except this one. */
export function leftovers(home: Home): readonly number[] {
    const mark = Object.entries(marker(home)).map(([name, value]) => `${name}=${value}`);
    return fs
        .readdirSync("/proc")
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
        .filter((pid) => pid !== process.pid && mark.every((entry) => environment(pid).includes(entry)));
}

/** Kills them, and waits until they are gone. */
export async function killLeftovers(home: Home): Promise<number> {
    const found = leftovers(home);
    for (let left = found; left.length > 0; left = leftovers(home)) {
        for (const pid of left) {
            try {
                process.kill(pid, "SIGKILL");
            } catch (error) {
                if ((error as NodeJS.ErrnoException).code !== "ESRCH") {
                    throw error;
                }
            }
        }
        await delay(50);
    }
    return found.length;
}

function environment(pid: number): readonly string[] {
    try {
        return fs.readFileSync(`/proc/${pid}/environ`, "utf8").split("\0");
    } catch {
        return []; // It has ended, or belongs to another user.
    }
}

import * as fs from "node:fs";
import { cleanUp } from "../cluster/clean-up";
import { daemonStatus, stopDaemon } from "../daemon/client";
import type { Home } from "../home";
import { command } from "../host/command";
import { killLeftovers } from "../host/leftovers";
import { endOrphanedPlugins } from "../pulumi/engine-processes";
import { unmountShortPath } from "../host/short-path";

/** Stops all processes of the sandbox, removes its mounts, interfaces and cgroups, and prints what remains on disk. */
export async function stop(home: Home): Promise<number> {
    const running = await daemonStatus(home);
    if (running !== undefined) {
        await stopDaemon(running.pid);
    }
    const killed = await killLeftovers(home);
    endOrphanedPlugins(home);
    await cleanUp(home);
    unmountShortPath(home);
    process.stdout.write(running === undefined && killed === 0 ? "The sandbox was not running.\n" : "The sandbox has stopped.\n");
    for (const [folder, what] of [
        [home.root, "the sandbox's state, images and logs; remove it to start from scratch"],
        [home.cache, "compiled tools and the base image, shared by all clones; remove it to compile them again"],
    ] as const) {
        if (fs.existsSync(folder)) {
            process.stdout.write(`On disk: ${await size(folder)}  ${folder}  (${what})\n`);
        }
    }
    return 0;
}

async function size(folder: string): Promise<string> {
    return (await command("du", ["-sh", folder])).split("\t")[0] ?? "";
}

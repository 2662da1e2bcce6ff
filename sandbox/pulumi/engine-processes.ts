import * as path from "node:path";
import { commandLine, environment, parentOf, processIds, signal } from "../host/proc";
import type { Home } from "../home";

/** Programs that an engine starts: providers, the language host and policy packs. */
const PLUGIN = /^pulumi-(resource|language|analyzer)-/;

/**
 * Whether a process is a running Pulumi engine. After an engine exits, another program may get its process ID; a zombie has no command
 * line.
 */
export function isEngine(pid: number): boolean {
    return path.basename(commandLine(pid)[0] ?? "") === "pulumi";
}

/**
 * Kills plugins of this sandbox that outlived their engine. A killed engine does not stop its plugins, and a build in a plugin would
 * continue for minutes.
 */
export function endOrphanedPlugins(home: Home): void {
    for (const pid of processIds().filter((id) => isPluginOf(home, id) && !isEngine(parentOf(id)))) {
        signal(pid, "SIGKILL");
    }
}

function isPluginOf(home: Home, pid: number): boolean {
    const isPlugin = commandLine(pid)
        .slice(0, 2) // For a script, the command line starts with its interpreter.
        .some((word) => PLUGIN.test(path.basename(word)));
    return isPlugin && environment(pid).includes(`PULUMI_HOME=${path.join(home.run, "pulumi")}`);
}

import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import { cacheEntry } from "./install";
import { onMachine } from "./machine-command";
import { TOOLSETS } from "./toolsets";

/** Whether all tools are in the cache. */
export function areToolsCached(home: Home): boolean {
    return TOOLSETS.every((toolset) => onMachine(toolset) !== undefined || fs.existsSync(cacheEntry(toolset, home.cache)));
}

/**
 * Checks that the tools are cached, for commands that do not compile them.
 * @throws Error that says to start the sandbox if a tool is missing
 */
export function ensureTools(home: Home): void {
    if (!areToolsCached(home) || !fs.existsSync(path.join(home.root, "bin", "pulumi"))) {
        throw new Error("The sandbox is not set up yet. Run `npm start` first: it compiles what is needed, once.");
    }
}

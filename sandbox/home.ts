import { createHash } from "node:crypto";
import * as os from "node:os";
import * as path from "node:path";
import { invoker } from "./host/ownership";

/** The folders of one sandbox. Every clone has its own sandbox. */
export interface Home {
    /** The clone's root folder. */
    readonly clone: string;
    /**
     * All that the sandbox writes, except the cache of compiled tools: `<clone>/.sandbox`. Under sudo it is outside the clone: the user could not remove
     * it, and its files need the owners that containers give them.
     */
    readonly root: string;
    /**
     * A short path to the same folder, bind-mounted while the sandbox runs. Daemons see this path only: a Unix socket's path is limited to
     * 107 bytes (unix(7)), and a clone may lie deep, or under a name with spaces that a tool's configuration file cannot hold.
     */
    readonly run: string;
    /** Eight hexadecimal digits in the names of this clone's interfaces, cgroups and processes. */
    readonly id: string;
    /** A log file for each process. */
    readonly logs: string;
    /** The programs of the sandbox. */
    readonly tools: string;
    /** Compiled tools, shared by all clones of this user; under sudo by all users. */
    readonly cache: string;
}

/** The sandbox of a clone. Creates nothing. */
export function homeOf(clone: string): Home {
    const forUser = invoker() !== undefined;
    const id = createHash("sha256").update(clone).digest("hex").slice(0, 8);
    const root = forUser ? path.join("/var/lib/ml-platform-sandbox", id) : path.join(clone, ".sandbox");
    const caches = process.env.XDG_CACHE_HOME ?? (forUser ? "/var/cache" : path.join(os.homedir(), ".cache"));
    const run = path.join("/run/ml-platform", id);
    return {
        clone,
        root,
        run,
        id,
        logs: path.join(run, "logs"),
        tools: path.join(run, "bin"),
        cache: path.join(caches, "ml-platform-sandbox"),
    };
}

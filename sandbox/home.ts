import { createHash } from "node:crypto";
import * as os from "node:os";
import * as path from "node:path";

/** Where one sandbox keeps its things. Every clone has a sandbox of its own. */
export interface Home {
    /** The clone's root folder. */
    readonly clone: string;
    /** `<clone>/.sandbox`: all that the sandbox writes, except the cache of compiled tools. */
    readonly root: string;
    /**
     * A short path to the same folder, bind-mounted while the sandbox runs. Daemons see this path only: a Unix socket's path is limited to
     * 107 bytes (unix(7)), and a clone may lie deep, or under a name with spaces that a tool's configuration file cannot hold.
     */
    readonly run: string;
    /** Eight hexadecimal digits that tell this clone's interfaces, cgroups and processes from another's. */
    readonly id: string;
    /** A log file for each process. */
    readonly logs: string;
    /** The programs of the sandbox, each by its own name. */
    readonly tools: string;
    /** Compiled tools, shared by all clones of this user. */
    readonly cache: string;
}

/** The sandbox of a clone. Creates nothing. */
export function homeOf(clone: string): Home {
    const root = path.join(clone, ".sandbox");
    const id = createHash("sha256").update(clone).digest("hex").slice(0, 8);
    const run = path.join("/run/ml-platform", id);
    return {
        clone,
        root,
        run,
        id,
        logs: path.join(run, "logs"),
        tools: path.join(run, "bin"),
        cache: path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"), "ml-platform-sandbox"),
    };
}

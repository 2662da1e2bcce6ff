import { createHash } from "node:crypto";
import * as os from "node:os";
import * as path from "node:path";
import { invoker } from "./host/ownership";

/** The folders of a sandbox. Every clone has its own sandbox. */
export interface Home {
    /** Root folder of the clone. */
    readonly clone: string;
    /**
     * Everything that the sandbox writes, except the cache of compiled tools: `<clone>/.sandbox`. Under sudo, the folder is outside the
     * clone, because the user could not delete it there and its files must keep the owners that containers set.
     */
    readonly root: string;
    /**
     * A short path to the same folder, bind-mounted while the sandbox runs. Daemons only see this path: a Unix socket's path is limited to
     * 107 bytes (unix(7)), and the clone's path may be longer or contain spaces, which the configuration files of some tools do not
     * support.
     */
    readonly run: string;
    /** Eight hexadecimal digits for the names of this clone's interfaces, cgroups and processes. */
    readonly id: string;
    /** Log files, one per process. */
    readonly logs: string;
    /** Programs of the sandbox. */
    readonly tools: string;
    /** Compiled tools, shared by all clones of this user, or by all users under sudo. */
    readonly cache: string;
}

/** Returns the folders of a clone's sandbox. Creates nothing. */
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

import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { daemonStatus } from "../daemon-client";
import type { Home } from "../home";
import { pulumiEnvironment } from "../pulumi/environment";

/** Runs kubectl against the sandbox's cluster. */
export async function kubectl(home: Home, args: readonly string[]): Promise<number> {
    const status = await daemonStatus(home);
    if (status === undefined) throw new Error("The sandbox does not run. Start it with `npm start`.");
    if (status.clusters.length === 0) throw new Error("There is no cluster yet. Bring the stack up with `npm start`, or with `npm run sandbox -- up`.");
    const child = spawn(path.join(home.tools, "kubectl"), args, { cwd: home.clone, env: pulumiEnvironment(home, process.env), stdio: "inherit" });
    const [code] = (await once(child, "close")) as [number | null];
    return code ?? 1;
}

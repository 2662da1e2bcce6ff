import { spawn } from "node:child_process";
import { once } from "node:events";
import * as path from "node:path";
import { runningDaemon } from "../daemon/client";
import type { Home } from "../home";
import { pulumiEnvironment } from "../pulumi/environment";
import { kubeconfigFile, writeUserKubeconfig } from "./kubeconfig";

/** How a command ended, and what it wrote to standard output where that was captured. */
export interface KubectlResult {
    readonly code: number;
    readonly stdout: string;
}

/**
 * Runs kubectl against the sandbox's clusters. Without `capture` it talks to the terminal itself.
 * @throws Error where the sandbox does not run, or has no cluster
 */
export async function runKubectl(
    home: Home,
    args: readonly string[],
    options: { readonly capture?: boolean } = {},
): Promise<KubectlResult> {
    const { clusters } = await runningDaemon(home);
    if (clusters.length === 0) {
        throw new Error("There is no cluster. Bring the stack up with `npm start`, or with `npm run sandbox -- up`.");
    }
    writeUserKubeconfig(home, clusters);
    const child = spawn(path.join(home.tools, "kubectl"), args, {
        cwd: home.clone,
        env: { ...pulumiEnvironment(home, process.env), KUBECONFIG: kubeconfigFile(home) },
        stdio: options.capture === true ? ["ignore", "pipe", "ignore"] : "inherit",
    });
    let stdout = "";
    child.stdout?.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
    const [code] = (await once(child, "close")) as [number | null];
    return { code: code ?? 1, stdout };
}

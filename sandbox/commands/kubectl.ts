import * as fs from "node:fs";
import * as path from "node:path";
import type { ClusterStatus } from "../cluster/clusters";
import { runningDaemon } from "../daemon/client";
import type { Home } from "../home";
import { command, type CommandOptions, inTerminal } from "../host/command";
import { accessTokenFile } from "../identity/access-token";
import { pulumiEnvironment } from "../pulumi/environment";

/**
 * `npm run sandbox -- kubectl …`
 * @throws Error if the sandbox is not running or has no cluster
 */
export async function kubectl(home: Home, args: readonly string[]): Promise<number> {
    return (await inTerminal(path.join(home.tools, "kubectl"), args, await options(home))) ?? 1;
}

/**
 * Runs kubectl and returns its standard output.
 * @throws Error if the sandbox is not running or has no cluster, or if kubectl fails
 */
export async function kubectlOutput(home: Home, args: readonly string[]): Promise<string> {
    return command(path.join(home.tools, "kubectl"), args, await options(home));
}

async function options(home: Home): Promise<CommandOptions> {
    const { clusters } = await runningDaemon(home);
    if (clusters.length === 0) {
        throw new Error("The sandbox has no cluster. Create the stack with `npm start` or `npm run sandbox -- up`.");
    }
    const kubeconfig = path.join(home.run, "kubeconfig");
    fs.writeFileSync(kubeconfig, `${JSON.stringify(kubeconfigFor(home, clusters), undefined, 4)}\n`, { mode: 0o600 });
    return { cwd: home.clone, env: { ...pulumiEnvironment(home, process.env), KUBECONFIG: kubeconfig } };
}

/** Returns a kubeconfig with one context per cluster. The first cluster is the current context. */
function kubeconfigFor(home: Home, clusters: readonly ClusterStatus[]): object {
    return {
        apiVersion: "v1",
        kind: "Config",
        "current-context": clusters[0]?.name,
        clusters: clusters.map(({ name, endpoint, caCertificate }) => ({
            name,
            cluster: { server: `https://${endpoint}`, "certificate-authority-data": caCertificate },
        })),
        users: [{ name: "sandbox", user: { tokenFile: accessTokenFile(home) } }],
        contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user: "sandbox" } })),
    };
}

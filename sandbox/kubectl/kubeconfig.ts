import * as fs from "node:fs";
import * as path from "node:path";
import type { ClusterStatus } from "../cluster/clusters";
import type { Home } from "../home";
import { accessTokenFile } from "../identity/access-token";

/** Where the sandbox's own kubeconfig is, for its kubectl. */
export function kubeconfigFile(home: Home): string {
    return path.join(home.run, "kubeconfig");
}

/** Writes a kubeconfig with a context for each cluster that runs; the first one is current. */
export function writeUserKubeconfig(home: Home, clusters: readonly ClusterStatus[]): void {
    const config = {
        apiVersion: "v1",
        kind: "Config",
        "current-context": clusters[0]?.name ?? "",
        clusters: clusters.map(({ name, endpoint, caCertificate }) => ({
            name,
            cluster: { server: `https://${endpoint}`, "certificate-authority-data": caCertificate },
        })),
        users: [{ name: "sandbox", user: { tokenFile: accessTokenFile(home) } }],
        contexts: clusters.map(({ name }) => ({ name, context: { cluster: name, user: "sandbox" } })),
    };
    // JSON is YAML.
    fs.writeFileSync(kubeconfigFile(home), `${JSON.stringify(config, undefined, 4)}\n`, { mode: 0o600 });
}

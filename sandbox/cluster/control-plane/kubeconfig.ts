import * as fs from "node:fs";
import type { KeyPairFiles } from "./certificates";

/** Writes a kubeconfig (as JSON, which is valid YAML) for a component that authenticates with a client certificate. */
export function writeKubeconfig(file: string, server: string, caFile: string, client: KeyPairFiles): void {
    const config = {
        apiVersion: "v1",
        kind: "Config",
        "current-context": "sandbox",
        contexts: [{ name: "sandbox", context: { cluster: "sandbox", user: "sandbox" } }],
        clusters: [{ name: "sandbox", cluster: { server, "certificate-authority": caFile } }],
        users: [{ name: "sandbox", user: { "client-certificate": client.certificate, "client-key": client.key } }],
    };
    fs.writeFileSync(file, `${JSON.stringify(config, undefined, 4)}\n`, { mode: 0o600 });
}

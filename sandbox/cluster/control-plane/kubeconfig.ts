import * as fs from "node:fs";
import type { KeyPairFiles } from "./certificates";

/** Writes a kubeconfig (as JSON, which is valid YAML) for a component that authenticates with a client certificate. */
export function writeKubeconfig(file: string, server: string, caFile: string, client: KeyPairFiles): void {
    write(file, { server, "certificate-authority": caFile }, { "client-certificate": client.certificate, "client-key": client.key });
}

/** Writes the configuration of an API server's webhook on this machine. https://kubernetes.io/docs/reference/access-authn-authz/webhook/ */
export function writeWebhook(file: string, server: string): void {
    write(file, { server }, {});
}

function write(file: string, cluster: object, user: object): void {
    const config = {
        apiVersion: "v1",
        kind: "Config",
        "current-context": "sandbox",
        contexts: [{ name: "sandbox", context: { cluster: "sandbox", user: "sandbox" } }],
        clusters: [{ name: "sandbox", cluster }],
        users: [{ name: "sandbox", user }],
    };
    fs.writeFileSync(file, `${JSON.stringify(config, undefined, 4)}\n`, { mode: 0o600 });
}

import { randomBytes } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import { useBuilder } from "../registry/buildkit";

/**
 * Makes what Pulumi and its plugins need in the sandbox's folder: a home, a backend, a Docker configuration whose builder is the sandbox's, the
 * launchers that the engine expects beside the language host, and the clusters' credentials.
 */
export function prepareHome(home: Home): void {
    for (const folder of ["user", "pulumi", "state", "docker", "workspace"])
        fs.mkdirSync(path.join(home.root, folder), { recursive: true });
    useBuilder(home, path.join(home.root, "docker", "buildx"));
    writeCredentials(home);

    const commands = path.join(home.clone, "node_modules", "@pulumi", "pulumi", "cmd");
    program(home, "pulumi-resource-pulumi-nodejs", `exec "${process.execPath}" "${commands}/dynamic-provider" "$@"`);
    program(home, "pulumi-analyzer-policy", `exec "${process.execPath}" "${commands}/run-policy-pack" "$@"`);
    // What a kubeconfig of GKE calls for a token; the API servers of simulated clusters know this one.
    program(
        home,
        "gke-gcloud-auth-plugin",
        `printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"%s"}}\\n' "$(cat "${home.run}/token")"`,
    );
}

/** A token of this sandbox, and the file by which its API servers know whose it is (kube-apiserver's --token-auth-file). */
function writeCredentials(home: Home): void {
    const file = path.join(home.root, "token");
    if (!fs.existsSync(file)) fs.writeFileSync(file, randomBytes(24).toString("hex"), { mode: 0o600 });
    const token = fs.readFileSync(file, "utf8");
    fs.writeFileSync(path.join(home.root, "token.csv"), `${token},admin,admin,"system:masters"\n`, { mode: 0o600 });
}

function program(home: Home, name: string, script: string): void {
    fs.writeFileSync(path.join(home.root, "bin", name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

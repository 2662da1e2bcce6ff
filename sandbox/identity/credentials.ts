import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../home";
import { accessTokenFile, makeAccessToken } from "./access-token";

/** Name of the program that provides registry credentials to a node's kubelet, as on GKE. */
export const NODE_CREDENTIAL_PROVIDER = "auth-provider-gcp";

/** Creates the sandbox's access token, and credential programs that pass it to clients. The programs have the names of Google's. */
export function makeCredentials(home: Home): void {
    makeAccessToken(home);
    // gcloud takes a token from this variable, too. https://cloud.google.com/sdk/docs/authorizing
    const token = `"\${CLOUDSDK_AUTH_ACCESS_TOKEN:-$(cat "${accessTokenFile(home)}")}"`;
    // For kubectl and the Kubernetes provider. https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl
    program(
        home,
        "gke-gcloud-auth-plugin",
        `printf '{"kind":"ExecCredential","apiVersion":"client.authentication.k8s.io/v1beta1","status":{"token":"%s"}}\\n' ${token}`,
    );
    // For Docker, BuildKit and other clients that read Docker's configuration.
    // https://cloud.google.com/artifact-registry/docs/docker/authentication#gcloud-helper
    program(
        home,
        "docker-credential-gcloud",
        `case "$1" in\n` +
            `get) printf '{"ServerURL":"%s","Username":"_dcgcloud_token","Secret":"%s"}\\n' "$(cat)" ${token} ;;\n` +
            `list) echo '{}' ;;\n` +
            `esac`,
    );
    // For kubelets. The arguments are the registry's host, and a file with the token of the node's service account. https://kubernetes.io/docs/tasks/administer-cluster/kubelet-credential-provider/
    program(
        home,
        NODE_CREDENTIAL_PROVIDER,
        `cat > /dev/null\n` +
            `printf '{"kind":"CredentialProviderResponse","apiVersion":"credentialprovider.kubelet.k8s.io/v1","cacheKeyType":"Registry",` +
            `"auth":{"%s":{"username":"_token","password":"%s"}}}\\n' "$1" "$(cat "$2")"`,
    );
}

function program(home: Home, name: string, script: string): void {
    fs.writeFileSync(path.join(home.tools, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
}

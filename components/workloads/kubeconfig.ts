/** Inputs of a kubeconfig. */
export interface ClusterAccess {
    /** Name of the context. */
    readonly name: string;
    /** Address of the control plane, which may include a port. */
    readonly endpoint: string;
    /** Base64 of the control plane's CA certificate (PEM); absent if a public authority signs its certificate, as for GKE's DNS names. */
    readonly caCertificate?: string | undefined;
}

/** A kubeconfig with one cluster; users authenticate through a plugin. */
export interface Kubeconfig {
    readonly clusters: readonly [
        { readonly cluster: { readonly server: string; readonly "certificate-authority-data"?: string | undefined } },
    ];
    readonly users: readonly [{ readonly user: { readonly exec: { readonly apiVersion: string; readonly command: string } } }];
}

/**
 * A kubeconfig without secrets: each caller authenticates through gke-gcloud-auth-plugin.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl
 */
export function kubeconfig({ name, endpoint, caCertificate }: ClusterAccess): string {
    return JSON.stringify({
        apiVersion: "v1",
        kind: "Config",
        "current-context": name,
        contexts: [{ name, context: { cluster: name, user: name } }],
        clusters: [
            {
                name,
                cluster: {
                    server: `https://${endpoint}`,
                    "certificate-authority-data": caCertificate,
                },
            },
        ],
        users: [
            {
                name,
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1beta1",
                        command: "gke-gcloud-auth-plugin",
                        installHint: "https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl#install_plugin",
                        interactiveMode: "Never",
                        provideClusterInfo: true,
                    },
                },
            },
        ],
    });
}

/** What a kubeconfig is made from. */
export interface ClusterAccess {
    /** Name of the context. */
    readonly name: string;
    /** Address of the control plane; may carry a port. */
    readonly endpoint: string;
    /** Base64 of the PEM certificate that signs the control plane's own; absent where a public authority does, as for GKE's DNS names. */
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
 * A kubeconfig that holds no secret: each caller proves who he is by the plugin of the Google Cloud CLI, at each call.
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

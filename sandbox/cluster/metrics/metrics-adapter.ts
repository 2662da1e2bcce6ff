import type { CertificateAuthority } from "../control-plane/certificates";
import { type ClusterServer, serveCluster } from "../control-plane/https-server";
import type { KubeApi } from "../../kube/api";
import { CUSTOM_METRICS, customMetrics, type Answer, type Sources } from "./custom-metrics";

/** Dependencies of the adapter. */
export interface MetricsAdapterArgs extends Sources {
    readonly api: KubeApi;
    readonly authority: CertificateAuthority;
}

const NAMESPACE = "kube-system";
const NAME = "gke-managed-metrics-adapter";

/**
 * GKE's managed metrics adapter: serves the custom metrics API behind the API server's aggregation layer, from the pods' `/metrics`. It
 * runs on this machine, so the Service of its APIService points to a loopback port.
 */
export class MetricsAdapter {
    private server: ClusterServer | undefined;

    constructor(private readonly args: MetricsAdapterArgs) {}

    async start(): Promise<void> {
        const { api, authority } = this.args;
        this.server = await serveCluster(authority, { name: NAME, host: `${NAME}.${NAMESPACE}.svc` }, (request, response) => {
            void this.answer(new URL(request.url ?? "/", "https://localhost")).then(({ status, body }) => {
                response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
            });
        });
        const { port, caBundle } = this.server;
        await api.apply(`/api/v1/namespaces/${NAMESPACE}/services/${NAME}`, {
            apiVersion: "v1",
            kind: "Service",
            metadata: { name: NAME, namespace: NAMESPACE },
            spec: { type: "ExternalName", externalName: "127.0.0.1" },
        });
        const [group, version] = CUSTOM_METRICS.split("/");
        const name = `${version ?? ""}.${group ?? ""}`;
        await api.apply(`/apis/apiregistration.k8s.io/v1/apiservices/${name}`, {
            apiVersion: "apiregistration.k8s.io/v1",
            kind: "APIService",
            metadata: { name },
            spec: {
                group,
                version,
                groupPriorityMinimum: 100,
                versionPriority: 100,
                service: { namespace: NAMESPACE, name: NAME, port },
                caBundle,
            },
        });
    }

    stop(): void {
        this.server?.close();
    }

    private answer(url: URL): Promise<Answer> {
        return customMetrics(url, this.args).catch((error: unknown) => ({
            status: 500,
            body: { kind: "Status", apiVersion: "v1", status: "Failure", code: 500, message: String(error) },
        }));
    }
}

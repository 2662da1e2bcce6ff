import { once } from "node:events";
import * as fs from "node:fs";
import * as https from "node:https";
import type { AddressInfo } from "node:net";
import type { CertificateAuthority } from "../control-plane/certificates";
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
    private server: https.Server | undefined;

    constructor(private readonly args: MetricsAdapterArgs) {}

    async start(): Promise<void> {
        const { api, authority } = this.args;
        const pair = await authority.issue(NAME, { commonName: NAME, hosts: [`${NAME}.${NAMESPACE}.svc`] });
        const identity = { cert: fs.readFileSync(pair.certificate), key: fs.readFileSync(pair.key) };
        this.server = https.createServer(identity, (request, response) => {
            void this.answer(new URL(request.url ?? "/", "https://localhost")).then(({ status, body }) => {
                response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
            });
        });
        this.server.listen(0, "127.0.0.1");
        await once(this.server, "listening");
        const { port } = this.server.address() as AddressInfo;
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
                caBundle: fs.readFileSync(authority.file).toString("base64"),
            },
        });
    }

    stop(): void {
        this.server?.closeAllConnections();
        this.server?.close();
    }

    private answer(url: URL): Promise<Answer> {
        return customMetrics(url, this.args).catch((error: unknown) => ({
            status: 500,
            body: { kind: "Status", apiVersion: "v1", status: "Failure", code: 500, message: String(error) },
        }));
    }
}

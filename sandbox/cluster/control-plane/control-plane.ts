import * as fs from "node:fs";
import * as https from "node:https";
import * as path from "node:path";
import type { Home } from "../../home";
import { accessToken } from "../../identity/access-token";
import type { Ports } from "../../host/ports";
import type { Processes } from "../../host/processes";
import { accessFlags } from "./access-flags";
import { type AccountKeys, CertificateAuthority, type KeyPairFiles, serviceAccountKeys } from "./certificates";
import { KubeApi } from "../../kube/api";
import { writeKubeconfig } from "./kubeconfig";
import type { Network } from "../network/network";
import type { NodeTokens } from "../node/node-token";

/** The parts of the sandbox that clusters depend on. */
export interface SandboxHost {
    readonly home: Home;
    readonly processes: Processes;
    readonly ports: Ports;
    /** Host and port of the registry. Nodes pull from it as their service accounts. */
    readonly registry: string;
    /** Issues the access token that a node of a project pulls images with. */
    readonly nodeToken: NodeTokens;
    /** URL of the reviews of tokens and requests. A cluster's resource name completes it. */
    readonly reviews: string;
    readonly network: Network;
}

/** Identity of a control plane. */
export interface ControlPlaneArgs {
    /** Resource name in the simulated GKE API. */
    readonly id: string;
    /** Unique in the sandbox; used in process names and port names. */
    readonly name: string;
    /** The control plane's folder, which exists as long as the cluster. */
    readonly folder: string;
    /** Index in the address plan. */
    readonly index: number;
}

const READY_WITHIN_MS = 60_000;

/** A running control plane. */
export class ControlPlane {
    private constructor(
        private readonly host: SandboxHost,
        private readonly args: ControlPlaneArgs,
        readonly authority: CertificateAuthority,
        readonly port: number,
        readonly api: KubeApi,
    ) {}

    /** The authority's certificate as PEM; `masterAuth.clusterCaCertificate` has the same in base64. */
    get caPem(): string {
        return fs.readFileSync(this.authority.file, "utf8");
    }

    get server(): string {
        return `https://127.0.0.1:${this.port}`;
    }

    /**
     * Starts etcd, the API server, the controller manager and the scheduler, with the data of earlier starts.
     * @throws Error with the end of the failed component's log; all components are then stopped
     */
    static async start(host: SandboxHost, args: ControlPlaneArgs): Promise<ControlPlane> {
        const { home, ports, network } = host;
        const authority = await CertificateAuthority.at(path.join(args.folder, "pki"));
        const services = network.plan.services(args.index);
        const port = await ports.take(`${args.name}-api-server`);
        const server = await authority.issue("kube-apiserver", {
            commonName: "kube-apiserver",
            hosts: [
                "127.0.0.1",
                "localhost",
                services.apiServer,
                "kubernetes",
                "kubernetes.default",
                "kubernetes.default.svc",
                "kubernetes.default.svc.cluster.local",
            ],
        });
        const token = accessToken(home);
        const api = new KubeApi({ port, ca: fs.readFileSync(authority.file, "utf8"), token });
        const plane = new ControlPlane(host, args, authority, port, api);
        try {
            await plane.startParts(server, services.range);
        } catch (error) {
            await plane.stop();
            throw error;
        }
        return plane;
    }

    async stop(): Promise<void> {
        const { processes } = this.host;
        this.api.close();
        await Promise.all([processes.stop(this.named("scheduler")), processes.stop(this.named("controller-manager"))]);
        await processes.stop(this.named("api-server"));
        await processes.stop(this.named("etcd"));
    }

    private named(part: string): string {
        return `${this.args.name}-${part}`;
    }

    private async startParts(server: KeyPairFiles, serviceRange: string): Promise<void> {
        const accounts = serviceAccountKeys(path.join(this.args.folder, "pki"));
        const etcdPort = await this.startEtcd(server);
        await this.startApiServer(server, etcdPort, serviceRange, accounts);
        await Promise.all([
            this.startController("controller-manager", "kube-controller-manager", server, [
                "--use-service-account-credentials=true",
                `--service-account-private-key-file=${accounts.privateKey}`,
                `--root-ca-file=${this.authority.file}`,
            ]),
            this.startController("scheduler", "kube-scheduler", server, []),
        ]);
    }

    private async startEtcd(server: KeyPairFiles): Promise<number> {
        const { home, ports, processes } = this.host;
        const [client, peer] = [await ports.take(this.named("etcd")), await ports.take(this.named("etcd-peer"))];
        const [clientUrl, peerUrl] = [`https://127.0.0.1:${client}`, `https://127.0.0.1:${peer}`];
        const ca = this.authority.file;
        await processes.start({
            name: this.named("etcd"),
            command: path.join(home.tools, "etcd"),
            args: [
                `--data-dir=${path.join(this.args.folder, "etcd")}`,
                `--listen-client-urls=${clientUrl}`,
                `--advertise-client-urls=${clientUrl}`,
                `--listen-peer-urls=${peerUrl}`,
                `--initial-advertise-peer-urls=${peerUrl}`,
                `--initial-cluster=default=${peerUrl}`,
                // Write access to etcd implies root access through a kubelet, and every local user can reach the port. So etcd requires
                // client certificates.
                ...["", "peer-"].flatMap((kind) => [
                    `--${kind}cert-file=${server.certificate}`,
                    `--${kind}key-file=${server.key}`,
                    `--${kind}trusted-ca-file=${ca}`,
                    `--${kind}client-cert-auth=true`,
                ]),
                // The sandbox must survive a killed process, but not a power failure. With fsync, half of a cluster's start time would be
                // spent waiting for the disk.
                "--unsafe-no-fsync",
                "--log-level=warn",
            ],
            ready: () => answers(client, "/health", ca, server),
            readyWithinMs: READY_WITHIN_MS,
        });
        return client;
    }

    private async startApiServer(server: KeyPairFiles, etcdPort: number, serviceRange: string, accounts: AccountKeys): Promise<void> {
        const { home, network, processes } = this.host;
        const kubeletClient = await this.authority.issue("kube-apiserver-kubelet-client", {
            commonName: "kube-apiserver-kubelet-client",
            organization: "system:masters",
        });
        // Aggregated API servers, such as Kueue's, use this to verify that a request comes from this API server.
        // https://kubernetes.io/docs/tasks/extend-kubernetes/configure-aggregation-layer/
        const proxies = await CertificateAuthority.at(path.join(this.args.folder, "front-proxy"));
        const proxy = await proxies.issue("front-proxy-client", { commonName: "front-proxy-client" });
        await processes.start({
            name: this.named("api-server"),
            command: path.join(home.tools, "kube-apiserver"),
            args: [
                `--etcd-servers=https://127.0.0.1:${etcdPort}`,
                `--etcd-cafile=${this.authority.file}`,
                `--etcd-certfile=${server.certificate}`,
                `--etcd-keyfile=${server.key}`,
                "--bind-address=127.0.0.1",
                `--secure-port=${this.port}`,
                `--advertise-address=${network.plan.machine}`,
                // Endpoints cannot be loopback addresses. The front door serves the Service `kubernetes`.
                "--endpoint-reconciler-type=none",
                `--tls-cert-file=${server.certificate}`,
                `--tls-private-key-file=${server.key}`,
                ...accessFlags(home, this.args, this.authority.file, this.host.reviews),
                "--allow-privileged=true",
                `--kubelet-client-certificate=${kubeletClient.certificate}`,
                `--kubelet-client-key=${kubeletClient.key}`,
                `--kubelet-certificate-authority=${this.authority.file}`,
                "--kubelet-preferred-address-types=InternalIP",
                `--requestheader-client-ca-file=${proxies.file}`,
                "--requestheader-allowed-names=front-proxy-client",
                "--requestheader-username-headers=X-Remote-User",
                "--requestheader-group-headers=X-Remote-Group",
                "--requestheader-extra-headers-prefix=X-Remote-Extra-",
                `--proxy-client-cert-file=${proxy.certificate}`,
                `--proxy-client-key-file=${proxy.key}`,
                `--service-cluster-ip-range=${serviceRange}`,
                "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
                `--service-account-signing-key-file=${accounts.privateKey}`,
                `--service-account-key-file=${accounts.publicKey}`,
                "--profiling=false",
            ],
            ready: async () => (await this.api.text({ method: "GET", path: "/readyz" })) === "ok",
            readyWithinMs: READY_WITHIN_MS,
        });
    }

    private async startController(part: string, program: string, server: KeyPairFiles, args: readonly string[]): Promise<void> {
        const { home, ports, processes } = this.host;
        const client = await this.authority.issue(program, { commonName: `system:${program}` });
        const kubeconfig = path.join(this.args.folder, `${part}.kubeconfig`);
        writeKubeconfig(kubeconfig, this.server, this.authority.file, client);
        const port = await ports.take(this.named(part));
        await processes.start({
            name: this.named(part),
            command: path.join(home.tools, program),
            args: [
                `--kubeconfig=${kubeconfig}`,
                // Without these flags, each request to the health port would look up the cluster's own authentication configuration.
                `--authentication-kubeconfig=${kubeconfig}`,
                `--authorization-kubeconfig=${kubeconfig}`,
                "--bind-address=127.0.0.1",
                `--secure-port=${port}`,
                `--tls-cert-file=${server.certificate}`,
                `--tls-private-key-file=${server.key}`,
                "--leader-elect=false",
                "--profiling=false",
                ...args,
            ],
            // Only the locally compiled control plane reads this. Without it, a Job with repeatedly preempted pods would wait for minutes.
            env: { JOB_BACK_OFF_CAP: "5s" },
            ready: () => answers(port, "/healthz", this.authority.file),
            readyWithinMs: READY_WITHIN_MS,
        });
    }
}

/** Whether a health endpoint of the control plane returns 200. */
function answers(port: number, where: string, caFile: string, client?: KeyPairFiles): Promise<boolean> {
    const identity = client === undefined ? {} : { cert: fs.readFileSync(client.certificate), key: fs.readFileSync(client.key) };
    return new Promise((resolve) => {
        const request = https.get(
            { host: "127.0.0.1", port, path: where, ca: fs.readFileSync(caFile), agent: false, timeout: 2000, ...identity },
            (response) => {
                response.resume();
                resolve(response.statusCode === 200);
            },
        );
        request.on("timeout", () => request.destroy());
        request.on("error", () => {
            resolve(false);
        });
    });
}

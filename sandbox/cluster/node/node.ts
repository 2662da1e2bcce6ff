import type { Node } from "../../kube/objects";
import * as fs from "node:fs";
import * as path from "node:path";
import { cgroupOf, makeCgroup, removeCgroup } from "./cgroups";
import { command, succeeds } from "../../host/command";
import type { ControlPlane, SandboxHost } from "../control-plane/control-plane";
import { writeKubeconfig } from "../control-plane/kubeconfig";
import { endProcessesOf } from "./leftover-processes";
import { MountNamespace } from "./mount-namespace";
import { cniConfig, containerdConfig, containerdSocket, credentialProviderConfig, kubeletConfig, type NodeSettings } from "./node-config";
import { labelsOf, taintsOf, type NodePool } from "../gke/node-pool";
import { ociArchive } from "./oci-image";
import { systemImages } from "./system-images";

/** Identity of a real or simulated node. */
export interface NodeIdentity {
    /** Name in GKE's format; unique in the sandbox. */
    readonly name: string;
    readonly pool: NodePool;
    readonly zone: string;
    readonly project: string;
}

interface NodeArgs extends NodeIdentity {
    /** Index in the address plan; unique in the sandbox. */
    readonly slot: number;
    readonly clusterDns: string;
}

const READY_WITHIN_MS = 90_000;
const CGROUP_PREFIX = "node-";
const PAUSE_IMAGE = "sandbox.invalid/pause:1";
/** From linux/magic.h. An overlay cannot be the upper layer of another overlay. */
const OVERLAYFS_MAGIC = 0x794c7630;

/** A real node: containerd and a kubelet in their own mount namespace and cgroup. */
export class SandboxNode {
    private readonly folder: string;
    private readonly nodeIp: string;
    private readonly cgroup: string;
    /** Imports an image archive into the node's containerd; undefined until containerd runs. */
    private importImage: ((archive: string) => Promise<unknown>) | undefined;

    constructor(
        private readonly host: SandboxHost,
        private readonly plane: ControlPlane,
        readonly args: NodeArgs,
    ) {
        const { home, network } = host;
        this.folder = nodeFolder(home.run, args.slot);
        this.nodeIp = network.plan.node(args.slot).nodeIp;
        this.cgroup = `${cgroupOf(home.id)}/${CGROUP_PREFIX}${args.slot}`;
    }

    /**
     * Starts the node and waits until it is ready.
     * @throws Error with the end of the failed component's log; the node is then stopped
     */
    async start(): Promise<void> {
        await this.clean();
        try {
            fs.mkdirSync(this.folder, { recursive: true });
            makeCgroup(this.cgroup);
            await this.host.network.add(this.nodeIp);
            const [namespace, settings] = await Promise.all([MountNamespace.make(this.folder), this.configure()]);
            await this.startContainerd(namespace, settings);
            await this.startKubelet(namespace);
        } catch (error) {
            await this.stop();
            throw error;
        }
    }

    /** Imports the image of a system workload into a running node. */
    async addImage(archive: string): Promise<void> {
        if (this.args.pool.accelerator === undefined) {
            await this.importImage?.(archive);
        }
    }

    /** Stops the node as a power failure would: its pods are killed. The Node object stays in the cluster. */
    async stop(): Promise<void> {
        const { processes } = this.host;
        await processes.stop(this.named("kubelet"));
        await processes.stop(this.named("containerd"));
        await this.clean();
    }

    private named(part: string): string {
        return `${this.args.name}-${part}`;
    }

    private async clean(): Promise<void> {
        endProcessesOf(this.folder);
        await removeCgroup(this.cgroup);
        await MountNamespace.remove(this.folder);
        await this.host.network.remove(this.nodeIp);
        // A node holds gigabytes of images. Synchronous removal would block all answers of the daemon for seconds.
        await fs.promises.rm(this.folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
    }

    /** Writes certificates and configuration files. */
    private async configure(): Promise<NodeSettings> {
        const { home, network, ports } = this.host;
        const { name, pool, slot, zone, project, clusterDns } = this.args;
        const identity = await this.plane.authority.issue(`node-${slot}`, {
            commonName: `system:node:${name}`,
            organization: "system:nodes",
            hosts: [this.nodeIp, name],
        });
        const settings: NodeSettings = {
            folder: this.folder,
            tools: home.tools,
            nodeIp: this.nodeIp,
            podRange: network.plan.node(slot).podRange,
            network: { bridge: network.bridge, subnet: network.plan.network, gateway: network.plan.machine },
            networkName: `ml-platform-${home.id}`,
            kubeletPort: await ports.take(`node-${slot}-kubelet`),
            cgroupRoot: this.cgroup,
            caFile: this.plane.authority.file,
            servingCertificate: identity.certificate,
            servingKey: identity.key,
            taints: taintsOf(pool),
            providerId: `gce://${project}/${zone}/${name}`,
            clusterDns,
            pauseImage: PAUSE_IMAGE,
            snapshotter: fs.statfsSync(home.run).type === OVERLAYFS_MAGIC ? "native" : "overlayfs",
        };
        fs.mkdirSync(path.join(this.folder, "cni"), { recursive: true });
        writeJson(path.join(this.folder, "cni", "pods.conflist"), cniConfig(settings));
        writeJson(path.join(this.folder, "kubelet.json"), kubeletConfig(settings));
        const tokenFile = path.join(this.folder, "registry-token");
        fs.writeFileSync(tokenFile, this.host.nodeToken(pool.serviceAccount, project), { mode: 0o600 });
        writeJson(path.join(this.folder, "credential-providers.json"), credentialProviderConfig(this.host.registry, tokenFile));
        fs.writeFileSync(path.join(this.folder, "containerd.toml"), containerdConfig(settings));
        writeKubeconfig(path.join(this.folder, "kubeconfig"), this.plane.server, this.plane.authority.file, identity);
        return settings;
    }

    private async startContainerd(namespace: MountNamespace, settings: NodeSettings): Promise<void> {
        const { home, processes } = this.host;
        const [program, args] = namespace.enter(path.join(home.tools, "containerd"), "--config", path.join(this.folder, "containerd.toml"));
        const ctr = path.join(home.tools, "ctr");
        const images = ["--address", containerdSocket(this.folder), "--namespace", "k8s.io", "images"];
        await processes.start({
            name: this.named("containerd"),
            command: program,
            args,
            env: { PATH: `${home.tools}:${process.env.PATH ?? ""}` },
            ready: () => succeeds(ctr, [...images, "ls", "--quiet"]),
            readyWithinMs: READY_WITHIN_MS,
        });
        const archive = path.join(this.folder, "pause.tar");
        fs.writeFileSync(archive, await pauseImage(home.tools));
        const options = ["import", "--local", "--snapshotter", settings.snapshotter];
        this.importImage = (file) => command(...namespace.enter(ctr, ...images, ...options, file));
        await this.importImage(archive);
        for (const image of systemImages(home)) {
            await this.addImage(image);
        }
    }

    private async startKubelet(namespace: MountNamespace): Promise<void> {
        const { home, processes } = this.host;
        const { name, pool, zone } = this.args;
        const labels = Object.entries(labelsOf(pool, zone)).map(([key, value]) => `${key}=${value}`);
        const startedAt = new Date();
        const [program, args] = namespace.enter(
            path.join(home.tools, "kubelet"),
            `--config=${path.join(this.folder, "kubelet.json")}`,
            `--kubeconfig=${path.join(this.folder, "kubeconfig")}`,
            `--image-credential-provider-config=${path.join(this.folder, "credential-providers.json")}`,
            `--image-credential-provider-bin-dir=${home.tools}`,
            `--root-dir=${path.join(this.folder, "kubelet")}`,
            `--hostname-override=${name}`,
            `--node-ip=${this.nodeIp}`,
            `--node-labels=${labels.join(",")}`,
        );
        await processes.start({
            name: this.named("kubelet"),
            command: program,
            args,
            env: { PATH: `${home.tools}:${process.env.PATH ?? ""}` },
            ready: async () => isReady(await this.plane.api.get<Node>(`/api/v1/nodes/${name}`), startedAt),
            readyWithinMs: READY_WITHIN_MS,
        });
    }
}

/** Whether the kubelet has reported readiness since a given time. Reports from before its restart do not count. */
export function isReady(node: Node, since = new Date(0)): boolean {
    // The API has a resolution of one second.
    const earliest = Math.floor(since.getTime() / 1000) * 1000;
    return (
        node.status?.conditions?.some(
            ({ type, status, lastHeartbeatTime }) =>
                type === "Ready" && status === "True" && new Date(lastHeartbeatTime ?? 0).getTime() >= earliest,
        ) ?? false
    );
}

/** Whether a child of the sandbox's cgroup belongs to a node. */
export function isNodeCgroup(name: string): boolean {
    return name.startsWith(CGROUP_PREFIX);
}

/** A short path, because it contains the sockets of the kubelet and containerd. */
function nodeFolder(run: string, slot: number): string {
    return path.join(run, "nodes", String(slot));
}

let pause: Promise<Buffer> | undefined;

/** Builds the pause image of all pods from the sandbox's program, because no reachable registry serves one. */
function pauseImage(tools: string): Promise<Buffer> {
    pause ??= ociArchive({
        reference: PAUSE_IMAGE,
        architecture: process.arch === "x64" ? "amd64" : process.arch,
        path: "/pause",
        content: fs.readFileSync(path.join(tools, "pause")),
    });
    return pause;
}

function writeJson(file: string, value: object): void {
    fs.writeFileSync(file, `${JSON.stringify(value, undefined, 4)}\n`);
}

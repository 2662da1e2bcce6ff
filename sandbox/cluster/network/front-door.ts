import type { EndpointSlice, Service } from "../../kube/objects";
import { once } from "node:events";
import * as net from "node:net";
import type { Ports } from "../../host/ports";
import type { Network } from "./network";
import type { ObjectCache } from "../../kube/object-cache";
import { Reconciler } from "../../kube/reconciler";
import { portsOf, type ServicePort, type Target, targetsOf } from "./service-targets";

/** Address of a Service on this machine. */
export interface Address {
    readonly namespace: string;
    readonly service: string;
    readonly port: number;
    /** Loopback address and port. It does not change between restarts. */
    readonly address: string;
}

/** Dependencies of a cluster's front door. */
export interface FrontDoorArgs {
    readonly network: Pick<Network, "add" | "remove">;
    readonly ports: Ports;
    /** Prefix of the cluster's loopback port names. */
    readonly cluster: string;
    readonly services: Pick<ObjectCache<Service>, "values" | "onChange">;
    readonly slices: Pick<ObjectCache<EndpointSlice>, "values">;
    /** Whether a node is simulated. Pods on simulated nodes do not respond. */
    readonly isSimulated: (node: string) => boolean;
    readonly apiServerPort: number;
}

interface Door {
    readonly port: ServicePort;
    readonly servers: readonly net.Server[];
    readonly address: string;
}

/** The Service `kubernetes` has no pods, and the cluster's name server listens on its own cluster IP. */
const API_SERVER = "default/kubernetes";
const NAME_SERVER = "kube-system/kube-dns";
const CONNECT_WITHIN_MS = 2_000;

/**
 * Replaces kube-proxy and GKE's load balancers. Forwards connections to a Service's cluster IP, or to its loopback port on this machine, to
 * its ready pods in turn. If a pod refuses the connection, the next one is tried. Pods on simulated nodes are skipped.
 */
export class FrontDoor {
    private readonly doors = new Map<string, Door>();
    private readonly open = new Set<net.Socket>();
    private turn = 0;
    private readonly reconciler = new Reconciler("front door", () => this.sync());

    constructor(private readonly args: FrontDoorArgs) {}

    async start(): Promise<void> {
        this.args.services.onChange(() => {
            this.reconciler.request();
        });
        this.reconciler.request();
        await this.settled();
    }

    /** Resolves when all current Services are served. */
    settled(): Promise<void> {
        return this.reconciler.settled();
    }

    async stop(): Promise<void> {
        await this.reconciler.stop();
        for (const door of [...this.doors.values()]) {
            await this.close(door);
        }
        for (const socket of this.open) {
            socket.destroy();
        }
    }

    /** Addresses of the Services that users of this machine can reach. */
    get addresses(): readonly Address[] {
        return [...this.doors.values()]
            .filter(({ port }) => key(port) !== `${API_SERVER}:${port.port}`)
            .map(({ port: { namespace, service, port }, address }) => ({ namespace, service, port, address }));
    }

    /** Notes for the user: Services without a pod that responds. */
    get notes(): readonly string[] {
        const silent = [...this.doors.values()]
            .map(({ port }) => ({ name: `${port.namespace}/${port.service}`, ready: this.ready(port), real: this.targets(port) }))
            .filter(({ ready, real }) => ready.length > 0 && real.length === 0)
            .map(({ name }) => name);
        if (silent.length === 0) {
            return [];
        }
        const [first = "", ...more] = new Set(silent);
        const others = more.length === 0 ? "" : ` and ${more.length} more`;
        return [`Connections to ${first}${others} are refused: all ready pods are on simulated nodes`];
    }

    private async sync(): Promise<void> {
        const wanted = new Map(
            this.args.services
                .values()
                .flatMap(portsOf)
                .filter(({ namespace, service }) => `${namespace}/${service}` !== NAME_SERVER)
                .map((port) => [key(port), port]),
        );
        for (const door of [...this.doors.values()]) {
            const now = wanted.get(key(door.port));
            if (now?.clusterIp !== door.port.clusterIp || now.portName !== door.port.portName) {
                await this.close(door);
            }
        }
        for (const [name, port] of wanted) {
            if (!this.doors.has(name)) {
                this.doors.set(name, await this.openDoor(port));
            }
        }
    }

    private async openDoor(port: ServicePort): Promise<Door> {
        const { network, ports, cluster } = this.args;
        await network.add(port.clusterIp);
        const loopback = await ports.take(`${cluster}/${key(port)}`);
        const servers = [await this.listen(port, port.clusterIp, port.port), await this.listen(port, "127.0.0.1", loopback)];
        return { port, servers, address: `127.0.0.1:${loopback}` };
    }

    private async close({ port, servers }: Door): Promise<void> {
        this.doors.delete(key(port));
        for (const server of servers) {
            server.close();
        }
        const shared = [...this.doors.values()].some((door) => door.port.clusterIp === port.clusterIp);
        if (!shared) {
            await this.args.network.remove(port.clusterIp);
        }
    }

    private async listen(port: ServicePort, host: string, number: number): Promise<net.Server> {
        const server = net.createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => void this.forward(client, port));
        server.listen({ host, port: number });
        await once(server, "listening");
        return server;
    }

    private async forward(client: net.Socket, port: ServicePort): Promise<void> {
        this.track(client);
        const targets = this.targets(port);
        const first = this.turn++;
        const inTurn = targets.map((_, i) => targets.at((first + i) % targets.length));
        for (const target of inTurn) {
            const upstream = target === undefined ? undefined : await connect(target);
            if (upstream === undefined) {
                continue;
            }
            this.track(upstream);
            if (client.destroyed) {
                upstream.destroy();
            }
            client.on("close", () => upstream.destroy());
            upstream.on("close", () => client.destroy());
            client.pipe(upstream).pipe(client);
            return;
        }
        client.resetAndDestroy();
    }

    private targets(port: ServicePort): readonly Target[] {
        return this.ready(port).filter(({ node }) => !this.args.isSimulated(node));
    }

    private ready(port: ServicePort): readonly Target[] {
        if (`${port.namespace}/${port.service}` === API_SERVER) {
            return [{ address: "127.0.0.1", port: this.args.apiServerPort, node: "" }];
        }
        return targetsOf(this.args.slices.values(), port);
    }

    private track(socket: net.Socket): void {
        this.open.add(socket);
        socket.on("close", () => this.open.delete(socket));
        // An error closes both sides of the connection.
        socket.on("error", () => undefined);
    }
}

function key({ namespace, service, port }: ServicePort): string {
    return `${namespace}/${service}:${port}`;
}

/** Opens a connection; undefined if it is refused or times out. */
async function connect({ address, port }: Target): Promise<net.Socket | undefined> {
    const socket = net.connect({ host: address, port, allowHalfOpen: true });
    try {
        await once(socket, "connect", { signal: AbortSignal.timeout(CONNECT_WITHIN_MS) });
        return socket;
    } catch {
        socket.destroy();
        return undefined;
    }
}

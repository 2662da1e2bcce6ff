import type { EndpointSlice, Service } from "../../kube/objects";
import * as dgram from "node:dgram";
import * as net from "node:net";
import { once } from "node:events";
import * as dnsPacket from "dns-packet";
import type { ObjectCache } from "../../kube/object-cache";
import { slicesOf } from "./service-targets";

/** Arguments of a {@link NameServer}. */
export interface NameServerArgs {
    /** Address to listen on: the cluster IP of the Service `kube-dns`. */
    readonly address: string;
    readonly services: ObjectCache<Service>;
    readonly slices: ObjectCache<EndpointSlice>;
}

const DOMAIN = "svc.cluster.local";
const TTL_S = 5;

/**
 * Resolves the names of a cluster's Services and of the pods behind headless Services, as kube-dns does on GKE. Refuses other names,
 * because pods of the sandbox cannot reach anything outside this machine.
 */
export class NameServer {
    private readonly udp = dgram.createSocket("udp4");
    private readonly tcp = net.createServer((socket) => {
        this.serveTcp(socket);
    });

    constructor(private readonly args: NameServerArgs) {}

    async start(): Promise<void> {
        this.udp.on("message", (message, { address, port }) => {
            const answer = this.answer(message);
            // Longer answers are truncated, and clients retry over TCP.
            if (answer !== undefined) {
                this.udp.send(answer.length > 512 ? truncated(message) : answer, port, address);
            }
        });
        this.udp.bind(53, this.args.address);
        this.tcp.listen(53, this.args.address);
        await Promise.all([once(this.udp, "listening"), once(this.tcp, "listening")]);
    }

    stop(): void {
        this.udp.close();
        this.tcp.close();
    }

    private serveTcp(socket: net.Socket): void {
        let received = Buffer.alloc(0);
        socket.setTimeout(5000, () => socket.destroy());
        socket.on("error", () => undefined);
        socket.on("data", (chunk) => {
            received = Buffer.concat([received, chunk]);
            if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) {
                return;
            }
            const answer = this.answer(received.subarray(2, 2 + received.readUInt16BE(0)));
            const length = Buffer.alloc(2);
            length.writeUInt16BE(answer?.length ?? 0);
            socket.end(Buffer.concat([length, answer ?? Buffer.alloc(0)]));
        });
    }

    private answer(message: Buffer): Buffer | undefined {
        try {
            const query = dnsPacket.decode(message);
            const [question] = query.questions ?? [];
            if (question === undefined) {
                return undefined;
            }
            const addresses = addressesOf(question.name, this.args.services.values(), this.args.slices.values());
            const refused = addresses === undefined && !/(^|\.)cluster\.local$/i.test(question.name);
            const code = refused ? 5 : addresses === undefined ? 3 : 0; // REFUSED, NXDOMAIN, NOERROR
            const answers =
                question.type === "A"
                    ? (addresses ?? []).map((data) => ({ type: "A" as const, name: question.name, ttl: TTL_S, data }))
                    : [];
            return dnsPacket.encode({ type: "response", ...reply(query), flags: dnsPacket.AUTHORITATIVE_ANSWER | code, answers });
        } catch {
            return undefined; // not a DNS message
        }
    }
}

function truncated(message: Buffer): Buffer {
    return dnsPacket.encode({ type: "response", ...reply(dnsPacket.decode(message)), flags: dnsPacket.TRUNCATED_RESPONSE });
}

function reply({ id, questions }: dnsPacket.DecodedPacket): Pick<dnsPacket.Packet, "id" | "questions"> {
    return { ...(id === undefined ? {} : { id }), ...(questions === undefined ? {} : { questions }) };
}

/**
 * Resolves a name in the cluster; undefined if it does not exist.
 * https://github.com/kubernetes/dns/blob/master/docs/specification.md
 */
export function addressesOf(name: string, services: readonly Service[], slices: readonly EndpointSlice[]): readonly string[] | undefined {
    const lower = name.toLowerCase();
    if (!lower.endsWith(`.${DOMAIN}`)) {
        return undefined;
    }
    const labels = lower.slice(0, -DOMAIN.length - 1).split(".");
    if (labels.length < 2 || labels.length > 3) {
        return undefined;
    }
    const [namespace = "", serviceName = "", hostname] = labels.reverse();
    const service = services.find(({ metadata }) => metadata.namespace === namespace && metadata.name === serviceName);
    if (service === undefined) {
        return undefined;
    }
    const { clusterIP, publishNotReadyAddresses = false } = service.spec;
    if (clusterIP !== "None") {
        return hostname === undefined && clusterIP !== undefined ? [clusterIP] : undefined;
    }
    const endpoints = slicesOf(slices, namespace, serviceName)
        .flatMap((slice) => slice.endpoints ?? [])
        .filter(({ conditions }) => publishNotReadyAddresses || conditions?.ready !== false)
        .filter((endpoint) => hostname === undefined || endpoint.hostname === hostname);
    return hostname !== undefined && endpoints.length === 0 ? undefined : endpoints.flatMap(({ addresses }) => addresses);
}

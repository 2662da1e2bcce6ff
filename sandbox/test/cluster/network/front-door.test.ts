import { expect } from "chai";
import { once } from "node:events";
import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { FrontDoor } from "../../../cluster/network/front-door";
import type { Endpoint, EndpointSlice, Service } from "../../../kube/objects";
import { Ports } from "../../../host/ports";

/** A collection with contents that the test sets. */
class Collection<T> {
    private listener: () => void = () => undefined;
    constructor(private items: readonly T[]) {}
    values(): readonly T[] {
        return this.items;
    }
    onChange(listener: () => void): () => void {
        this.listener = listener;
        return () => (this.listener = () => undefined);
    }
    become(items: readonly T[]): void {
        this.items = items;
        this.listener();
    }
}

/** A pod: an HTTP server on its own loopback address. All use one port, as pods of a Deployment do. */
async function pod(address: string, port: number): Promise<http.Server> {
    const server = http.createServer((_, response) => response.end(address));
    server.listen(port, address);
    await once(server, "listening");
    return server;
}

describe("the front door", () => {
    const service: Service = { metadata: { name: "api", namespace: "ml" }, spec: { clusterIP: "127.0.7.1", ports: [{ port: 18080 }] } };
    const services = new Collection<Service>([service]);
    const slices = new Collection<EndpointSlice>([]);
    const addresses: string[] = [];
    let folder: string;
    let pods: readonly http.Server[];
    let port: number;
    let door: FrontDoor;

    const endpoints = (listed: readonly Endpoint[]): void => {
        slices.become([
            {
                metadata: { name: "api-1", namespace: "ml", labels: { "kubernetes.io/service-name": "api" } },
                endpoints: listed,
                ports: [{ name: "", port }],
            },
        ]);
    };
    const get = async (address: string): Promise<string> =>
        (await fetch(`http://${address}/`, { headers: { connection: "close" } })).text();
    const opened = (): string => door.addresses[0]?.address ?? "none";

    before(async () => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "front-door-"));
        const first = await pod("127.0.7.11", 0);
        ({ port } = first.address() as AddressInfo);
        pods = [first, await pod("127.0.7.12", port)];
        const network = {
            add: (address: string) => Promise.resolve(void addresses.push(address)),
            remove: (address: string) => Promise.resolve(void addresses.splice(addresses.indexOf(address), 1)),
        };
        door = new FrontDoor({
            network,
            ports: new Ports(path.join(folder, "ports.json")),
            cluster: "ml",
            services,
            slices,
            isSimulated: (node) => node === "simulated",
            apiServerPort: 1,
        });
        await door.start();
    });

    after(async () => {
        await door.stop();
        for (const server of pods) {
            server.close();
        }
        fs.rmSync(folder, { recursive: true });
    });

    it("answers on the service's address and on a loopback port, with each ready pod in turn", async () => {
        endpoints([{ addresses: ["127.0.7.11"] }, { addresses: ["127.0.7.12"] }]);
        expect(door.addresses).to.have.length(1);
        expect(door.addresses[0]).to.include({ namespace: "ml", service: "api", port: 18080 });
        const answers = [await get("127.0.7.1:18080"), await get(opened()), await get(opened()), await get("127.0.7.1:18080")];
        expect(answers.sort()).to.deep.equal(["127.0.7.11", "127.0.7.11", "127.0.7.12", "127.0.7.12"]);
    });

    it("tries the next pod if one refuses, and never a pod that is not ready", async () => {
        endpoints([
            { addresses: ["127.0.7.99"] },
            { addresses: ["127.0.7.12"] },
            { addresses: ["127.0.7.11"], conditions: { ready: false } },
        ]);
        expect(new Set([await get(opened()), await get(opened()), await get(opened())])).to.deep.equal(new Set(["127.0.7.12"]));
    });

    it("refuses connections if no pod is ready", async () => {
        endpoints([{ addresses: ["127.0.7.11"], conditions: { ready: false } }]);
        const error = await get(opened()).catch((e: unknown) => e);
        expect(error).to.be.instanceOf(TypeError);
    });

    it("skips pods on simulated nodes, and reports a service that has no others", async () => {
        endpoints([
            { addresses: ["127.0.7.11"], nodeName: "simulated" },
            { addresses: ["127.0.7.12"], nodeName: "real" },
        ]);
        expect(new Set([await get(opened()), await get(opened())])).to.deep.equal(new Set(["127.0.7.12"]));
        expect(door.notes).to.deep.equal([]);
        endpoints([{ addresses: ["127.0.7.11"], nodeName: "simulated" }]);
        expect(await get(opened()).catch((e: unknown) => e)).to.be.instanceOf(TypeError);
        expect(door.notes).to.deep.equal(["Connections to ml/api are refused: all ready pods are on simulated nodes"]);
        endpoints([]);
        expect(door.notes).to.deep.equal([]);
    });

    it("closes with the service, and opens at the same address again", async () => {
        const before = opened();
        expect(addresses).to.deep.equal(["127.0.7.1"]);
        services.become([]);
        await door.settled();
        expect(door.addresses).to.deep.equal([]);
        expect(addresses).to.deep.equal([]);
        services.become([service]);
        await door.settled();
        expect(opened()).to.equal(before);
    });

    it("does not forward the DNS service, which the name server owns", async () => {
        const dns: Service = {
            metadata: { name: "kube-dns", namespace: "kube-system" },
            spec: { clusterIP: "127.0.7.10", ports: [{ port: 53 }] },
        };
        services.become([service, dns]);
        await door.settled();
        expect(door.addresses.map((address) => address.service)).to.deep.equal(["api"]);
    });
});

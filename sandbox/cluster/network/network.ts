import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../../home";
import { command, succeeds } from "../../host/command";

/** Maximum number of clusters in a sandbox's network. */
const MAX_CLUSTERS = 8;
/** Maximum number of nodes in a sandbox's network. */
const MAX_NODES = 120;

/** Addresses of a node and its pods. */
export interface NodeAddresses {
    readonly nodeIp: string;
    /** First and last address of the node's pods. */
    readonly podRange: readonly [string, string];
}

/**
 * Address plan of a sandbox, a network of 65536 addresses: 10.B.0.1 is the machine, 10.B.0.x are nodes, 10.B.x.0/24 are a node's pods, and
 * 10.B.128.0/17 are the Services, one /20 per cluster. All addresses are on one bridge, so no routing or NAT is needed.
 */
export class AddressPlan {
    /** @param second second octet of the addresses, 0 to 255 */
    constructor(readonly second: number) {}

    get machine(): string {
        return `10.${this.second}.0.1`;
    }

    get network(): string {
        return `10.${this.second}.0.0/16`;
    }

    /**
     * @param slot 0 for the first node of the sandbox
     * @throws Error if the slot is out of range
     */
    node(slot: number): NodeAddresses {
        if (slot >= MAX_NODES) {
            throw new Error(`A sandbox has addresses for ${MAX_NODES} nodes`);
        }
        const base = `10.${this.second}`;
        const block = `${base}.${slot + 1}`;
        return { nodeIp: `${base}.0.${slot + 2}`, podRange: [`${block}.2`, `${block}.254`] };
    }

    /**
     * @param index 0 for the first cluster of the sandbox
     * @throws Error if the index is out of range
     */
    services(index: number): { readonly range: string; readonly apiServer: string; readonly dns: string } {
        if (index >= MAX_CLUSTERS) {
            throw new Error(`A sandbox has addresses for ${MAX_CLUSTERS} clusters`);
        }
        const base = `10.${this.second}.${128 + 16 * index}`;
        return { range: `${base}.0/20`, apiServer: `${base}.1`, dns: `${base}.10` };
    }
}

interface Route {
    readonly dst: string;
    readonly dev?: string;
}

/**
 * Finds a second octet whose network has no route on this machine, starting with `start`.
 * @throws Error if all are in use
 */
export function freeSecond(start: number, routes: readonly Route[]): number {
    const taken = new Set<number>();
    for (const { dst } of routes) {
        const [, second, bits = "32"] = /^10\.(\d+)\.[\d.]+(?:\/(\d+))?$/.exec(dst) ?? [];
        if (second === undefined) {
            continue;
        }
        const width = Number(bits) >= 16 ? 1 : 2 ** (16 - Number(bits));
        for (let i = 0; i < width; i++) {
            taken.add(Number(second) + i);
        }
    }
    for (let i = 0; i < 256; i++) {
        const second = (start + i) % 256;
        if (!taken.has(second)) {
            return second;
        }
    }
    throw new Error("No free network 10.x.0.0/16 on this machine: every one has a route (ip route)");
}

/** The bridge of a sandbox and the addresses on it. Requires root and iproute2. */
export class Network {
    private constructor(
        readonly plan: AddressPlan,
        readonly bridge: string,
    ) {}

    /** Creates the bridge. Replaces one from an earlier start. */
    static async open(home: Home): Promise<Network> {
        const bridge = bridgeOf(home);
        await close(bridge);
        const file = path.join(home.run, "network.json");
        const kept = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as { second: number }).second : undefined;
        const routes = JSON.parse(await command("ip", ["-j", "-4", "route", "show", "table", "all"])) as Route[];
        const second = freeSecond(kept ?? 64 + (Number.parseInt(home.id.slice(0, 2), 16) % 128), routes);
        fs.writeFileSync(file, `${JSON.stringify({ second })}\n`);
        const plan = new AddressPlan(second);
        // A fixed MAC address: by default, a bridge uses the lowest MAC address of its ports, and the ARP caches of its neighbors become
        // stale when that port is removed.
        const hardware = `02:${(home.id.match(/../g) ?? []).join(":")}:01`;
        await command("ip", ["link", "add", bridge, "address", hardware, "type", "bridge"]);
        await command("ip", ["address", "add", `${plan.machine}/16`, "dev", bridge]);
        await command("ip", ["link", "set", bridge, "up"]);
        await letPodsTalk(bridge, "--insert");
        return new Network(plan, bridge);
    }

    /** Adds the address of a node or a Service to the machine. */
    async add(address: string): Promise<void> {
        await command("ip", ["address", "replace", `${address}/32`, "dev", this.bridge]);
    }

    async remove(address: string): Promise<void> {
        await succeeds("ip", ["address", "del", `${address}/32`, "dev", this.bridge]);
    }
}

/** Name of a sandbox's bridge. Linux limits interface names to 15 characters. */
export function bridgeOf(home: Home): string {
    return `ml-${home.id}`;
}

/** Returns the bridges of other sandboxes that run on this machine. */
export function otherSandboxes(home: Home): readonly string[] {
    return fs.readdirSync("/sys/class/net").filter((name) => /^ml-[0-9a-f]{8}$/.test(name) && name !== bridgeOf(home));
}

/** Removes a sandbox's bridge and the links of all pods on it. */
export async function removeNetwork(home: Home): Promise<void> {
    await close(bridgeOf(home));
}

/**
 * Allows traffic between pods. Docker configures the firewall to drop traffic between bridge ports by default, so pods could reach this
 * machine but not each other.
 */
async function letPodsTalk(bridge: string, change: "--insert" | "--delete"): Promise<void> {
    const asked = "/proc/sys/net/bridge/bridge-nf-call-iptables";
    if (!fs.existsSync(asked) || fs.readFileSync(asked, "utf8").trim() !== "1") {
        return;
    }
    // Without iptables, there is no such firewall. If the rule does not exist, there is nothing to delete.
    await succeeds("iptables", [change, "FORWARD", "--in-interface", bridge, "--out-interface", bridge, "--jump", "ACCEPT"]);
}

async function close(bridge: string): Promise<void> {
    await letPodsTalk(bridge, "--delete");
    if (!fs.existsSync(path.join("/sys/class/net", bridge))) {
        return;
    }
    for (const port of fs.readdirSync(path.join("/sys/class/net", bridge, "brif"))) {
        await succeeds("ip", ["link", "del", port]);
    }
    await command("ip", ["link", "del", bridge]);
}

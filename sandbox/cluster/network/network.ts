import * as fs from "node:fs";
import * as path from "node:path";
import type { Home } from "../../home";
import { command, succeeds } from "../../host/command";

/** Clusters that fit in one sandbox's network. */
const MAX_CLUSTERS = 8;
/** Nodes that fit in one sandbox's network. */
const MAX_NODES = 120;

/** Addresses of a node and its pods. */
export interface NodeAddresses {
    readonly nodeIp: string;
    /** First and last address of its pods. */
    readonly podRange: readonly [string, string];
}

/**
 * The addresses of a sandbox: one network of 65536, in which 10.B.0.1 is the machine, 10.B.0.x are nodes, 10.B.x.0/24 are a node's pods, and
 * 10.B.128.0/17 are the services, one /20 for each cluster. All are on one bridge, so that nothing needs to be routed or translated.
 */
export class AddressPlan {
    /** @param second the second number of the addresses, 0 to 255 */
    constructor(readonly second: number) {}

    get machine(): string {
        return `10.${this.second}.0.1`;
    }

    get network(): string {
        return `10.${this.second}.0.0/16`;
    }

    /**
     * @param slot 0 for the first node of the sandbox
     * @throws Error beyond the last slot
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
     * @throws Error beyond the last index
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
 * A second number without a route on the machine; `start` is tried first.
 * @throws Error if all are taken
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

/** The bridge of a sandbox, and the addresses on it. Needs root and iproute2. */
export class Network {
    readonly bridge: string;

    private constructor(
        readonly plan: AddressPlan,
        bridge: string,
    ) {
        this.bridge = bridge;
    }

    /** Creates the bridge. One from an earlier start is replaced. */
    static async open(home: Home): Promise<Network> {
        const bridge = bridgeOf(home);
        await close(bridge);
        const file = path.join(home.run, "network.json");
        const kept = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as { second: number }).second : undefined;
        const routes = JSON.parse(await command("ip", ["-j", "-4", "route", "show", "table", "all"])) as Route[];
        const second = freeSecond(kept ?? 64 + (Number.parseInt(home.id.slice(0, 2), 16) % 128), routes);
        fs.writeFileSync(file, `${JSON.stringify({ second })}\n`);
        const plan = new AddressPlan(second);
        // A fixed hardware address: otherwise a bridge takes the lowest of its ports, and its neighbors' caches go stale when that port is removed.
        const hardware = `02:${(home.id.match(/../g) ?? []).join(":")}:01`;
        await command("ip", ["link", "add", bridge, "address", hardware, "type", "bridge"]);
        await command("ip", ["address", "add", `${plan.machine}/16`, "dev", bridge]);
        await command("ip", ["link", "set", bridge, "up"]);
        await letPodsTalk(bridge, "--insert");
        return new Network(plan, bridge);
    }

    /** Adds an address of a node or a service to the machine. */
    async add(address: string): Promise<void> {
        await command("ip", ["address", "replace", `${address}/32`, "dev", this.bridge]);
    }

    async remove(address: string): Promise<void> {
        await succeeds("ip", ["address", "del", `${address}/32`, "dev", this.bridge]);
    }
}

/** The name of a sandbox's bridge; Linux allows 15 characters. */
export function bridgeOf(home: Home): string {
    return `ml-${home.id}`;
}

/** The bridges of other sandboxes that run on this machine. */
export function otherSandboxes(home: Home): readonly string[] {
    return fs.readdirSync("/sys/class/net").filter((name) => /^ml-[0-9a-f]{8}$/.test(name) && name !== bridgeOf(home));
}

/** Removes a sandbox's bridge and every pod's link on it. */
export async function removeNetwork(home: Home): Promise<void> {
    await close(bridgeOf(home));
}

/**
 * Allows traffic between pods. Docker sets up a firewall for traffic between the ports of bridges and denies it by default, so that pods could reach this machine
 * but not each other.
 */
async function letPodsTalk(bridge: string, change: "--insert" | "--delete"): Promise<void> {
    const asked = "/proc/sys/net/bridge/bridge-nf-call-iptables";
    if (!fs.existsSync(asked) || fs.readFileSync(asked, "utf8").trim() !== "1") {
        return;
    }
    // Without iptables nothing set up such a firewall. Without the rule there is nothing to delete.
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

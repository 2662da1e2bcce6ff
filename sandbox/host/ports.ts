import { once } from "node:events";
import * as fs from "node:fs";
import * as net from "node:net";

/** An inclusive range of ports that the sandbox may use. */
export interface PortRange {
    readonly first: number;
    readonly last: number;
}

/**
 * Named loopback ports. A name keeps its port between starts, because stack outputs and image names contain it. If another program uses the
 * port, the name gets a new one.
 */
export class Ports {
    private readonly byName: Record<string, number>;
    private turn: Promise<unknown> = Promise.resolve();

    /**
     * @param range preferred ports, such as those that a container publishes. Without a range, or if all of its ports are in use, the
     * system chooses
     */
    constructor(
        private readonly file: string,
        private readonly range?: PortRange,
    ) {
        this.byName = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, number>) : {};
    }

    /** Returns the free port of 127.0.0.1 for a name. */
    take(name: string): Promise<number> {
        const taken = this.turn.then(() => this.takeNow(name));
        this.turn = taken.catch(() => undefined);
        return taken;
    }

    private async takeNow(name: string): Promise<number> {
        const kept = this.byName[name];
        if (kept !== undefined && this.allows(kept) && (await listens(kept)) !== undefined) {
            return kept;
        }
        const others = new Set(Object.values(this.byName));
        let port = await this.firstOfRange(others);
        while (port === undefined || others.has(port)) {
            port = await listens(0);
        }
        this.byName[name] = port;
        fs.writeFileSync(this.file, `${JSON.stringify(this.byName, undefined, 4)}\n`);
        return port;
    }

    private allows(port: number): boolean {
        return this.range === undefined || (port >= this.range.first && port <= this.range.last);
    }

    private async firstOfRange(taken: ReadonlySet<number>): Promise<number | undefined> {
        if (this.range === undefined) {
            return undefined;
        }
        for (let port = this.range.first; port <= this.range.last; port++) {
            if (!taken.has(port) && (await listens(port)) !== undefined) {
                return port;
            }
        }
        return undefined;
    }
}

/** Parses a range such as `20000-20099`. @throws Error if the text is not a valid range */
export function portRangeOf(text: string): PortRange {
    const [first = 0, last = 0] = /^(\d+)-(\d+)$/.exec(text)?.slice(1).map(Number) ?? [];
    if (first < 1 || last < first || last > 65_535) {
        throw new Error(`SANDBOX_PORTS must be a range of ports such as 20000-20099, not "${text}"`);
    }
    return { first, last };
}

/** Returns the port if it is free, else undefined. For port 0, the system chooses. */
async function listens(port: number): Promise<number | undefined> {
    const server = net.createServer().listen({ host: "127.0.0.1", port });
    try {
        await once(server, "listening");
    } catch {
        return undefined;
    }
    const { port: given } = server.address() as net.AddressInfo;
    server.close();
    await once(server, "close");
    return given;
}

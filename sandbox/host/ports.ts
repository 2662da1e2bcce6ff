import * as fs from "node:fs";
import * as net from "node:net";

/** Ports that may be taken, the last one included. */
export interface PortRange {
    readonly first: number;
    readonly last: number;
}

/**
 * Loopback ports by the name of what listens there. A name keeps its port between starts, because addresses made of it stand in stack
 * outputs and image names; where something else has taken the port meanwhile, the name gets another one.
 */
export class Ports {
    private readonly file: string;
    private readonly byName: Record<string, number>;
    private turn: Promise<unknown> = Promise.resolve();

    /** @param range where the ports are to be from, such as those that a container publishes; the system chooses without one, and where all of them are taken */
    constructor(
        file: string,
        private readonly range?: PortRange,
    ) {
        this.file = file;
        this.byName = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, number>) : {};
    }

    /** A port of 127.0.0.1 that nothing listens on now. */
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

/** `20000-20099` as a range. @throws Error where it is none */
export function portRangeOf(text: string): PortRange {
    const [first = 0, last = 0] = /^(\d+)-(\d+)$/.exec(text)?.slice(1).map(Number) ?? [];
    if (first < 1 || last < first || last > 65_535) {
        throw new Error(`SANDBOX_PORTS is a range of ports such as 20000-20099, not "${text}"`);
    }
    return { first, last };
}

/** The port that could be listened on, and is free again; undefined where it is busy. */
function listens(port: number): Promise<number | undefined> {
    return new Promise((resolve) => {
        const server = net.createServer();
        server.once("error", () => {
            resolve(undefined);
        });
        server.listen({ host: "127.0.0.1", port }, () => {
            const { port: given } = server.address() as net.AddressInfo;
            server.close(() => {
                resolve(given);
            });
        });
    });
}

import * as fs from "node:fs";
import * as net from "node:net";

/**
 * Loopback ports by the name of what listens there. A name keeps its port between starts, because addresses made of it stand in stack
 * outputs and image names; where something else has taken the port meanwhile, the name gets another one.
 */
export class Ports {
    private readonly file: string;
    private readonly byName: Record<string, number>;
    private turn: Promise<unknown> = Promise.resolve();

    constructor(file: string) {
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
        if (kept !== undefined && (await listens(kept)) !== undefined) return kept;
        const others = new Set(Object.values(this.byName));
        let port: number | undefined;
        do port = await listens(0);
        while (port === undefined || others.has(port));
        this.byName[name] = port;
        fs.writeFileSync(this.file, `${JSON.stringify(this.byName, undefined, 4)}\n`);
        return port;
    }
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

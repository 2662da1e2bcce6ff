import { once } from "node:events";
import { rmSync } from "node:fs";
import { createServer, type RequestListener, type Server } from "node:http";

/**
 * Serves HTTP.
 * @param at a port of 127.0.0.1, or the path of a Unix socket. The socket of an earlier process is replaced
 * @returns a function that closes the server and its connections
 * @throws Error if the port is taken
 */
export async function serveHttp(listener: RequestListener, at: number | string): Promise<() => Promise<void>> {
    if (typeof at === "string") {
        rmSync(at, { force: true });
    }
    const server = await listening(listener, at);
    return () =>
        new Promise((resolve) => {
            server.close(() => {
                resolve();
            });
            server.closeAllConnections();
        });
}

/**
 * Serves HTTP on a port of 127.0.0.1 until the process ends. The server does not keep the process alive.
 * @throws Error if the port is taken
 */
export async function serveWithProcess(listener: RequestListener, port: number): Promise<void> {
    (await listening(listener, port)).unref();
}

async function listening(listener: RequestListener, at: number | string): Promise<Server> {
    const server = createServer(listener).listen(typeof at === "string" ? { path: at } : { host: "127.0.0.1", port: at });
    await once(server, "listening");
    return server;
}

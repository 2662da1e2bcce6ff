import { rmSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";

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
    const server = createServer(listener);
    await new Promise<void>((resolve, reject) => {
        server.once("error", reject).listen(typeof at === "string" ? { path: at } : { host: "127.0.0.1", port: at }, resolve);
    });
    return () =>
        new Promise((resolve) => {
            server.close(() => {
                resolve();
            });
            server.closeAllConnections();
        });
}

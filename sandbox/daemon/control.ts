import * as fs from "node:fs";
import * as http from "node:http";

/** Handlers by method and path. A handler receives the query; its result is sent as JSON. */
export type Routes = Readonly<Record<string, (query: URLSearchParams) => Promise<unknown>>>;

/** Body of an error response. */
export interface Refused {
    readonly error: string;
}

/**
 * Serves routes over HTTP on a Unix socket.
 * @returns a function that closes the server
 */
export async function serveControl(socket: string, routes: Routes): Promise<() => Promise<void>> {
    fs.rmSync(socket, { force: true });
    const server = http.createServer((request, response) => {
        const { pathname, searchParams } = new URL(request.url ?? "/", "http://daemon");
        const route = routes[`${request.method ?? ""} ${pathname}`];
        const answer =
            route === undefined
                ? Promise.reject(new Error(`the sandbox's daemon does not serve ${request.method ?? ""} ${pathname}`))
                : route(searchParams);
        const send = (status: number, body: unknown): void => {
            response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
        };
        answer.then(
            (body) => {
                send(200, body);
            },
            (error: unknown) => {
                const refused: Refused = { error: error instanceof Error ? error.message : String(error) };
                send(409, refused);
            },
        );
    });
    await new Promise<void>((resolve, reject) => {
        server.once("error", reject).listen(socket, resolve);
    });
    return () =>
        new Promise((resolve) => {
            server.close(() => {
                resolve();
            });
            server.closeAllConnections();
        });
}

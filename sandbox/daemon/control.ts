import { serveHttp } from "../host/http-server";

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
export function serveControl(socket: string, routes: Routes): Promise<() => Promise<void>> {
    return serveHttp((request, response) => {
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
    }, socket);
}

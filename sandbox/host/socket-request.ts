import * as http from "node:http";
import { json } from "node:stream/consumers";

/** Response of an HTTP server on a Unix socket. */
export interface SocketAnswer {
    readonly status: number;
    /** The parsed JSON body. */
    readonly body: unknown;
}

/**
 * Sends a request to an HTTP server on a Unix socket.
 * @throws Error if nothing listens on the socket, or the response does not arrive in time
 */
export function socketRequest(socketPath: string, method: "GET" | "POST", path: string, timeoutMs: number): Promise<SocketAnswer> {
    return new Promise((resolve, reject) => {
        const request = http.request({ socketPath, method, path, timeout: timeoutMs }, (response) => {
            json(response).then((body) => {
                resolve({ status: response.statusCode ?? 0, body });
            }, reject);
        });
        request.on("timeout", () => {
            request.destroy(new Error(`No answer on ${socketPath} in ${timeoutMs / 1000} s`));
        });
        request.on("error", reject);
        request.end();
    });
}

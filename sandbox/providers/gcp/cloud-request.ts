import { request } from "node:http";
import { text } from "node:stream/consumers";
import type { JsonObject } from "../../cloud/json";

/** A response of the simulated cloud. */
export interface CloudAnswer {
    readonly status: number;
    /** The JSON body; an empty object if there is no body. */
    readonly answer: JsonObject;
}

/**
 * Sends a request to the simulated cloud, with the access token in the environment.
 * @param socketPath Unix socket of the cloud
 * @param signal aborts the request. Default: no time limit
 * @throws Error if the cloud does not respond, or the request is aborted
 */
export async function cloudRequest(
    socketPath: string | undefined,
    method: string,
    path: string,
    { body, signal }: { readonly body?: unknown; readonly signal?: AbortSignal | undefined },
): Promise<CloudAnswer> {
    if (socketPath === undefined) {
        throw unreachable("SANDBOX_CLOUD_SOCKET is not set");
    }
    const headers = { authorization: `Bearer ${process.env.GOOGLE_OAUTH_ACCESS_TOKEN ?? ""}`, "content-type": "application/json" };
    return new Promise<CloudAnswer>((resolve, reject) => {
        // Each request has a new connection: the server closes idle connections, and could do so while a request is sent.
        const connection = { socketPath, agent: false, ...(signal !== undefined && { signal }) };
        const outgoing = request({ ...connection, method, path, headers }, (incoming) => {
            text(incoming)
                .then((answer) => {
                    resolve({ status: incoming.statusCode ?? 0, answer: answer === "" ? {} : (JSON.parse(answer) as JsonObject) });
                })
                .catch(reject);
        });
        outgoing.on("error", reject);
        outgoing.end(body === undefined ? undefined : JSON.stringify(body));
    }).catch((error: unknown) => {
        throw signal?.aborted === true ? stopped(signal) : unreachable(`${socketPath}: ${(error as Error).message}`);
    });
}

/** The error for a simulated cloud that does not respond. */
function unreachable(why: string): Error {
    return new Error(
        `the simulated Google Cloud does not answer (${why}). \`npm run sandbox:status\` says whether it runs, \`npm start\` starts it`,
    );
}

/** The error for a call that the caller aborted. */
export function stopped({ reason }: AbortSignal): Error {
    return (reason as Error).name === "TimeoutError"
        ? new Error("timed out; the simulated cloud continues the operation")
        : new Error("interrupted; the simulated cloud continues the operation");
}

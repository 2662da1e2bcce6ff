import { request } from "node:http";
import { json } from "node:stream/consumers";
import type { View } from "../../cloud/cloud";
import type { JsonObject } from "../../cloud/json";
import type { Refusal } from "../../cloud/server";

/** Thrown when the simulated cloud rejects a request. */
export class Refused extends Error {
    constructor(readonly refusal: Refusal) {
        super(refusal.message);
    }
}

/** Client of the simulated cloud on its Unix socket. All methods throw `Refused` if the cloud rejects the request. */
export class CloudClient {
    constructor(private readonly socket: string | undefined) {}

    create(type: string, inputs: JsonObject, signal: AbortSignal): Promise<View> {
        return this.call("POST", "/resources", signal, { type, inputs }) as Promise<View>;
    }

    /** Reads a resource; undefined if it does not exist. */
    async read(type: string, id: string, signal?: AbortSignal): Promise<View | undefined> {
        return orMissing(this.call("GET", resourcePath(type, id), signal) as Promise<View>);
    }

    update(type: string, id: string, inputs: JsonObject, signal: AbortSignal): Promise<View> {
        return this.call("PATCH", resourcePath(type, id), signal, { inputs }) as Promise<View>;
    }

    /** Deletes a resource. Does nothing if it does not exist. */
    async delete(type: string, id: string, signal: AbortSignal): Promise<void> {
        await orMissing(this.call("DELETE", resourcePath(type, id), signal));
    }

    private async call(method: string, path: string, signal?: AbortSignal, body?: unknown): Promise<unknown> {
        const socketPath = this.socket;
        if (socketPath === undefined) {
            throw unreachable("SANDBOX_CLOUD_SOCKET is not set");
        }
        const { status, answer } = await new Promise<{ status: number; answer: unknown }>((resolve, reject) => {
            const headers = { authorization: `Bearer ${process.env.GOOGLE_OAUTH_ACCESS_TOKEN ?? ""}` };
            const outgoing = request({ socketPath, method, path, headers, ...(signal !== undefined && { signal }) }, (incoming) => {
                json(incoming).then((answer) => {
                    resolve({ status: incoming.statusCode ?? 0, answer });
                }, reject);
            });
            outgoing.on("error", reject);
            outgoing.end(body === undefined ? undefined : JSON.stringify(body));
        }).catch((error: unknown) => {
            throw signal?.aborted === true ? stopped(signal) : unreachable(`${socketPath}: ${(error as Error).message}`);
        });
        if (status !== 200) {
            throw new Refused(answer as Refusal);
        }
        return answer;
    }
}

async function orMissing<Answer>(call: Promise<Answer>): Promise<Answer | undefined> {
    try {
        return await call;
    } catch (error) {
        if (error instanceof Refused && error.refusal.code === 404) {
            return undefined;
        }
        throw error;
    }
}

function resourcePath(type: string, id: string): string {
    return `/resources/${encodeURIComponent(type)}/${encodeURIComponent(id)}`;
}

/** The error for a simulated cloud that does not respond. */
export function unreachable(why: string): Error {
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

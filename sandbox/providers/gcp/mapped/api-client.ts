import { request } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as delay } from "node:timers/promises";
import { type JsonObject, textOrEmpty } from "../../../cloud/json";
import { stopped, unreachable } from "../cloud-client";

const POLL_INTERVAL_MS = 200;

/** An error of Google's API, worded like an error of Google's Go client. */
export class Refusal extends Error {
    constructor(
        readonly code: number,
        message: string,
    ) {
        super(`googleapi: Error ${code}: ${message}`);
    }
}

/** Client of Google's REST API in the simulated cloud, on its Unix socket. All methods throw `Refusal` if the API rejects the request. */
export class ApiClient {
    /**
     * @param project the provider's project, or an empty string
     * @param signal aborts a call. Without a signal, calls have no time limit
     * @param note shows a message to the user
     */
    constructor(
        private readonly socket: string | undefined,
        readonly project: string,
        private readonly signal?: AbortSignal,
        readonly note: (message: string) => void = () => undefined,
    ) {}

    /** @param path path and query; begins with the service's host */
    call(method: string, path: string, body?: JsonObject): Promise<JsonObject> {
        return this.send(method, `/${path}`, body);
    }

    /** Reads a resource; undefined if it does not exist. */
    async find(path: string): Promise<JsonObject | undefined> {
        try {
            return await this.call("GET", path);
        } catch (error) {
            if (error instanceof Refusal && error.code === 404) {
                return undefined;
            }
            throw error;
        }
    }

    /**
     * Waits until a long-running operation is done. Operations of Compute Engine have a link.
     * @param api host and version of the API
     * @throws Error in the words of the official provider if the operation fails
     */
    async wait(api: string, { name, selfLink }: JsonObject): Promise<void> {
        const path = typeof selfLink === "string" ? selfLink.replace("https://www", "compute") : `${api}/${textOrEmpty(name)}`;
        let operation = await this.call("GET", path);
        while (operation.done !== true && operation.status !== "DONE") {
            await delay(POLL_INTERVAL_MS, undefined, { ...(this.signal !== undefined && { signal: this.signal }) });
            operation = await this.call("GET", path);
        }
        const { error } = operation as { error?: { code: number; message: string; errors?: readonly [{ message: string }] } };
        if (error !== undefined) {
            throw new Error(error.errors?.[0].message ?? `Error code ${error.code}, message: ${error.message}`);
        }
    }

    private async send(method: string, path: string, body: JsonObject | undefined): Promise<JsonObject> {
        const socketPath = this.socket;
        if (socketPath === undefined) {
            throw unreachable("SANDBOX_CLOUD_SOCKET is not set");
        }
        const headers = { authorization: `Bearer ${process.env.GOOGLE_OAUTH_ACCESS_TOKEN ?? ""}`, "content-type": "application/json" };
        const { signal } = this;
        const { status, answer } = await new Promise<{ status: number; answer: JsonObject }>((resolve, reject) => {
            const outgoing = request({ socketPath, method, path, headers, ...(signal !== undefined && { signal }) }, (incoming) => {
                text(incoming).then((answer) => {
                    resolve({ status: incoming.statusCode ?? 0, answer: answer === "" ? {} : (JSON.parse(answer) as JsonObject) });
                }, reject);
            });
            outgoing.on("error", reject);
            outgoing.end(body === undefined ? undefined : JSON.stringify(body));
        }).catch((error: unknown) => {
            throw signal?.aborted === true ? stopped(signal) : unreachable(`${socketPath}: ${(error as Error).message}`);
        });
        if (status !== 200 && status !== 204) {
            const { error } = answer as { error?: { message?: string } };
            throw new Refusal(status, error?.message ?? "");
        }
        return answer;
    }
}

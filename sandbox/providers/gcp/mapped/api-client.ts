import { setTimeout as delay } from "node:timers/promises";
import { type JsonObject, textOrEmpty } from "../../../cloud/json";
import { cloudRequest, stopped } from "../cloud-request";

const POLL_INTERVAL_MS = 200;

/** Why an operation failed. */
interface OperationError {
    readonly code: number;
    readonly message: string;
    /** Only in operations of Compute Engine. */
    readonly errors?: readonly [{ readonly message: string }];
}

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

    /**
     * Waits until the resource can be changed, as the official provider does if another operation is running on a cluster.
     * @param path path and query; begins with the service's host
     */
    async call(method: string, path: string, body?: JsonObject): Promise<JsonObject> {
        for (;;) {
            try {
                return await this.send(method, `/${path}`, body);
            } catch (error) {
                if (!(error instanceof Refusal && error.message.includes("running incompatible operation"))) {
                    throw error;
                }
                await this.pause();
            }
        }
    }

    /** Like `call`, for a resource that may not exist: returns undefined. */
    async find(method: string, path: string, body?: JsonObject): Promise<JsonObject | undefined> {
        try {
            return await this.call(method, path, body);
        } catch (error) {
            if (error instanceof Refusal && error.code === 404) {
                return undefined;
            }
            throw error;
        }
    }

    /**
     * Waits until a long-running operation is done. Operations of Compute Engine have a link.
     * @param api address of the API, or of its operations if their names are bare
     * @throws Error in the words of the official provider if the operation fails
     */
    async wait(api: string, { name, selfLink }: JsonObject): Promise<void> {
        const [, ofCompute] = /^https:\/\/www(.*)$/.exec(textOrEmpty(selfLink)) ?? [];
        const path = ofCompute === undefined ? `${api}/${textOrEmpty(name)}` : `compute${ofCompute}`;
        let operation = await this.call("GET", path);
        while (operation.done !== true && operation.status !== "DONE") {
            await this.pause();
            operation = await this.call("GET", path);
        }
        const { error, statusMessage } = operation as { error?: OperationError; statusMessage?: string };
        if (error !== undefined) {
            throw new Error(statusMessage ?? error.errors?.[0].message ?? `Error code ${error.code}, message: ${error.message}`);
        }
    }

    /** Waits before a resource is read again. */
    async pause(): Promise<void> {
        const { signal } = this;
        try {
            await delay(POLL_INTERVAL_MS, undefined, { ...(signal !== undefined && { signal }) });
        } catch (error) {
            throw signal?.aborted === true ? stopped(signal) : error;
        }
    }

    private async send(method: string, path: string, body: JsonObject | undefined): Promise<JsonObject> {
        const { status, answer } = await cloudRequest(this.socket, method, path, { body, signal: this.signal });
        if (status !== 200 && status !== 204) {
            const { error } = answer as { error?: { message?: string } };
            throw new Refusal(status, error?.message ?? "");
        }
        return answer;
    }
}

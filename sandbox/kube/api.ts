import type * as http from "node:http";
import * as https from "node:https";
import { createInterface } from "node:readline";

/** How to reach an API server. */
export interface Endpoint {
    readonly port: number;
    /** PEM of the authority that signed its certificate. */
    readonly ca: string;
    /** Bearer token of an administrator. */
    readonly token: string;
}

/** One line of a watch. */
export interface WatchEvent<T> {
    readonly type: "ADDED" | "MODIFIED" | "DELETED" | "BOOKMARK" | "ERROR";
    readonly object: T;
}

/** An answer of the API server other than 2xx. */
export class ApiError extends Error {
    constructor(
        readonly status: number,
        message: string,
    ) {
        super(message);
    }
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type PatchType = "merge-patch" | "strategic-merge-patch" | "json-patch" | "apply-patch";

const TIMEOUT_MS = 30_000;

/**
 * The Kubernetes API of a simulated cluster at 127.0.0.1, by paths. The official client's releases that its authors still maintain need a
 * later Node than this project does.
 */
export class KubeApi {
    private readonly agent: https.Agent;

    constructor(private readonly endpoint: Endpoint) {
        this.agent = new https.Agent({ keepAlive: true, ca: endpoint.ca });
    }

    /** @throws ApiError where the object is not there, or is refused */
    get<T>(path: string): Promise<T> {
        return this.request<T>("GET", path);
    }

    /** The object, or undefined where there is none. */
    async find<T>(path: string): Promise<T | undefined> {
        return this.request<T>("GET", path).catch((error: unknown) => {
            if (error instanceof ApiError && error.status === 404) {
                return undefined;
            }
            throw error;
        });
    }

    create<T>(path: string, object: object): Promise<T> {
        return this.request<T>("POST", path, object);
    }

    patch<T>(path: string, type: PatchType, patch: object): Promise<T> {
        return this.request<T>("PATCH", path, patch, `application/${type}+${type === "apply-patch" ? "yaml" : "json"}`);
    }

    /** Creates the object, or makes it what is given (server-side apply). */
    apply<T>(path: string, object: object): Promise<T> {
        const separator = path.includes("?") ? "&" : "?";
        return this.patch<T>(`${path}${separator}fieldManager=ml-platform-sandbox&force=true`, "apply-patch", object);
    }

    /** Deletes; an object that is gone already is fine. */
    async delete(path: string, options?: object): Promise<void> {
        await this.request("DELETE", path, options).catch((error: unknown) => {
            if (!(error instanceof ApiError && error.status === 404)) {
                throw error;
            }
        });
    }

    /**
     * Follows a collection from a resource version on; ends when the server closes it (normal after some minutes) or `signal` aborts.
     * @throws ApiError with status 410 where the version is too old: list again then
     */
    async watch<T>(path: string, resourceVersion: string, signal: AbortSignal, onEvent: (event: WatchEvent<T>) => void): Promise<void> {
        const separator = path.includes("?") ? "&" : "?";
        const response = await this.send(
            "GET",
            `${path}${separator}watch=true&allowWatchBookmarks=true&resourceVersion=${resourceVersion}`,
            { signal },
        );
        if (response.statusCode !== 200) {
            throw new ApiError(response.statusCode ?? 0, await body(response));
        }
        for await (const line of createInterface({ input: response })) {
            const event = JSON.parse(line) as WatchEvent<T & { code?: number; message?: string }>;
            if (event.type === "ERROR") {
                throw new ApiError(event.object.code ?? 0, event.object.message ?? "watch ended");
            }
            onEvent(event);
        }
    }

    /** Ends idle connections. */
    close(): void {
        this.agent.destroy();
    }

    private async request<T>(method: Method, path: string, object?: object, contentType = "application/json"): Promise<T> {
        const payload = object === undefined ? undefined : JSON.stringify(object);
        const response = await this.send(method, path, {
            signal: AbortSignal.timeout(TIMEOUT_MS),
            contentType,
            ...(payload === undefined ? {} : { payload }),
        });
        const text = await body(response);
        const status = response.statusCode ?? 0;
        if (status < 200 || status > 299) {
            throw new ApiError(status, `${method} ${path}: ${messageOf(text)}`);
        }
        return (text.startsWith("{") ? JSON.parse(text) : text) as T;
    }

    private send(
        method: Method,
        path: string,
        options: { signal: AbortSignal; contentType?: string; payload?: string },
    ): Promise<http.IncomingMessage> {
        return new Promise((resolve, reject) => {
            const request = https.request(
                {
                    host: "127.0.0.1",
                    port: this.endpoint.port,
                    method,
                    path,
                    agent: this.agent,
                    signal: options.signal,
                    headers: {
                        authorization: `Bearer ${this.endpoint.token}`,
                        accept: "application/json",
                        "content-type": options.contentType ?? "application/json",
                        // Node gives the body of a DELETE no length by itself.
                        ...(options.payload === undefined ? {} : { "content-length": Buffer.byteLength(options.payload) }),
                    },
                },
                resolve,
            );
            request.on("error", (error: NodeJS.ErrnoException) => {
                // The server closed an idle connection in the moment in which it was used again: the request has not been read.
                if (request.reusedSocket && error.code === "ECONNRESET") {
                    resolve(this.send(method, path, options));
                } else {
                    reject(error);
                }
            });
            request.end(options.payload);
        });
    }
}

async function body(response: http.IncomingMessage): Promise<string> {
    response.setEncoding("utf8");
    let text = "";
    for await (const chunk of response) {
        text += chunk as string;
    }
    return text;
}

function messageOf(text: string): string {
    try {
        return (JSON.parse(text) as { message?: string }).message ?? text;
    } catch {
        return text;
    }
}

import { Agent, request, type RequestOptions } from "node:https";
import { Agent as PlainAgent, request as plainRequest, type IncomingMessage } from "node:http";
import { createInterface } from "node:readline";
import { json, text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { ApiError, isNotFound, UnreachableError, type ApiStatus } from "./errors";
import { isFresh, runExecPlugin, type ExecCredential } from "./exec-credential";
import type { ClusterAccess } from "./kubeconfig";
import { machineAuthorities } from "./machine-authorities";

/** One call to the API server. */
export interface Call {
    readonly method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
    /** Absolute path, such as `/api/v1/namespaces`. */
    readonly path: string;
    readonly query?: Readonly<Record<string, string>> | undefined;
    readonly body?: unknown;
    readonly contentType?: string;
    readonly signal?: AbortSignal | undefined;
}

/** A response body and the API server's warnings. */
export interface Answer<T> {
    readonly body: T;
    readonly warnings: readonly string[];
}

const SILENCE_MS = 30_000;

/**
 * A thin client for one API server, based on Node's HTTPS. It reuses connections and reads credentials from the kubeconfig.
 * `@kubernetes/client-node` 2.x does not load on Node 20 (its undici requires 22.19), and its start-up time would slow down every preview.
 */
export class KubeClient {
    private readonly agent: Agent | PlainAgent;
    private machineAuthorities: string[] | undefined;
    private credential: Promise<ExecCredential> | undefined;

    /** @param attempts how often to send a request while the server is busy or refuses connections */
    constructor(
        readonly access: ClusterAccess,
        private readonly attempts = 1,
    ) {
        const options = { keepAlive: true, maxSockets: 32 };
        this.agent = this.isPlain() ? new PlainAgent(options) : new Agent(options);
    }

    /** Closes all connections. */
    close(): void {
        this.agent.destroy();
    }

    /**
     * Sends a request and parses the JSON response.
     * @throws ApiError if the server rejects the request, UnreachableError if it does not respond
     */
    async send<T>(call: Call): Promise<Answer<T>> {
        const response = await this.open(call);
        return { body: (await json(response)) as T, warnings: parseWarnings(response.headers.warning) };
    }

    /** Sends a request with a text response, such as a log. */
    async text(call: Call): Promise<string> {
        return text(await this.open(call));
    }

    async get<T>(path: string, signal?: AbortSignal): Promise<T> {
        return (await this.send<T>({ method: "GET", path, signal })).body;
    }

    /** Returns the object; undefined if it does not exist. */
    async find<T>(path: string, signal?: AbortSignal): Promise<T | undefined> {
        return this.get<T>(path, signal).catch(undefinedIfMissing);
    }

    /** Deletes the object if it exists. @returns whether it existed */
    async delete(path: string, body?: object, signal?: AbortSignal): Promise<boolean> {
        return (await this.send({ method: "DELETE", path, body, signal }).catch(undefinedIfMissing)) !== undefined;
    }

    /** Sends a request with one JSON document per line in the response, until the server ends the response. */
    async *lines<T>(call: Call): AsyncGenerator<T> {
        const response = await this.open(call, 0);
        for await (const line of createInterface({ input: response, crlfDelay: Infinity })) {
            if (line !== "") {
                yield JSON.parse(line) as T;
            }
        }
    }

    private async open(call: Call, timeout = SILENCE_MS): Promise<IncomingMessage> {
        for (let attempt = 1; ; attempt++) {
            try {
                const response = await this.exchange(call, timeout);
                if ((response.statusCode ?? 500) < 300) {
                    return response;
                }
                const refusal = new ApiError(response.statusCode ?? 500, parseStatus(await text(response)));
                if (refusal.code === 401 && this.credential !== undefined && attempt === 1) {
                    this.credential = undefined;
                    continue;
                }
                if (!isBusy(refusal.code) || attempt >= this.attempts) {
                    throw refusal;
                }
                await sleep((refusal.status.details?.retryAfterSeconds ?? 1) * 1000, undefined, { signal: call.signal });
            } catch (error) {
                if (call.signal?.aborted === true || !isConnectionError(error)) {
                    throw error;
                }
                // A control plane refuses connections for a moment after a start or restart.
                if (attempt >= this.attempts) {
                    throw new UnreachableError(this.access.server, error);
                }
                await sleep(250 * attempt, undefined, { signal: call.signal });
            }
        }
    }

    private async exchange(call: Call, timeout: number): Promise<IncomingMessage> {
        const body = call.body === undefined ? undefined : JSON.stringify(call.body);
        const url = new URL(this.access.server + call.path);
        for (const [name, value] of Object.entries(call.query ?? {})) {
            url.searchParams.set(name, value);
        }
        const { headers, ...security } = await this.security();
        const options: RequestOptions = { method: call.method, agent: this.agent, signal: call.signal, ...security };
        options.headers = { ...headers, accept: "application/json" };
        if (body !== undefined) {
            // Node does not set the content length of a DELETE body by itself.
            const length = { "content-length": Buffer.byteLength(body) };
            Object.assign(options.headers, { "content-type": call.contentType ?? "application/json", ...length });
        }
        return new Promise((resolve, reject) => {
            const outgoing = (this.isPlain() ? plainRequest : request)(url, options, resolve);
            outgoing.setTimeout(timeout, () => outgoing.destroy(new ConnectionError(`no answer within ${timeout / 1000} s`)));
            outgoing.on("error", (error: NodeJS.ErrnoException) => {
                // The server closed an idle connection while it was being reused, so it has not processed the request.
                if (outgoing.reusedSocket && error.code === "ECONNRESET") {
                    resolve(this.exchange(call, timeout));
                } else {
                    reject(error);
                }
            });
            outgoing.end(body);
        });
    }

    private isPlain(): boolean {
        return this.access.server.startsWith("http://");
    }

    private async security(): Promise<Security> {
        const { certificateAuthority, skipVerification, serverName, credential } = this.access;
        const options: Security = {
            rejectUnauthorized: !skipVerification,
            ca: certificateAuthority ?? (this.machineAuthorities ??= machineAuthorities()),
            servername: serverName,
        };
        switch (credential.kind) {
            case "none":
                return options;
            case "token":
                return { ...options, headers: bearer(credential.token) };
            case "certificate":
                return { ...options, cert: credential.certificate, key: credential.key };
            case "exec": {
                const issued = await this.issued(() => runExecPlugin(credential));
                const headers = issued.token === undefined ? undefined : bearer(issued.token);
                return { ...options, cert: issued.certificate, key: issued.key, headers };
            }
        }
    }

    private async issued(issue: () => Promise<ExecCredential>): Promise<ExecCredential> {
        this.credential ??= issue();
        const credential = await this.credential;
        if (isFresh(credential, Date.now())) {
            return credential;
        }
        this.credential = issue();
        return this.credential;
    }
}

/** TLS settings and credentials for a request. */
type Security = Pick<RequestOptions, "rejectUnauthorized" | "ca" | "servername" | "cert" | "key"> & {
    readonly headers?: Record<string, string> | undefined;
};

/** The server refused the connection or stopped responding. */
class ConnectionError extends Error {
    readonly code = "ETIMEDOUT";
}

/** Whether no connection was established. API errors have the HTTP status as their code; failed credential plugins have no code. */
function isConnectionError(error: unknown): error is Error & { readonly code: string } {
    return error instanceof Error && "code" in error && typeof error.code === "string";
}

function isBusy(code: number): boolean {
    return code === 429 || code === 503 || code === 504;
}

function bearer(token: string): Record<string, string> {
    return { authorization: `Bearer ${token}` };
}

function undefinedIfMissing(error: unknown): undefined {
    if (!isNotFound(error)) {
        throw error;
    }
    return undefined;
}

function parseStatus(body: string): ApiStatus {
    try {
        return JSON.parse(body) as ApiStatus;
    } catch {
        return { message: body.trim() === "" ? "the API server gave no reason" : body.trim() };
    }
}

/** Parses `Warning` headers (RFC 7234: `299 - "text"`, separated by commas). */
export function parseWarnings(header: string | string[] | undefined): string[] {
    const joined = Array.isArray(header) ? header.join(", ") : (header ?? "");
    return [...joined.matchAll(/\b299 \S+ "((?:[^"\\]|\\.)*)"/g)].map((match) => (match[1] ?? "").replace(/\\(.)/g, "$1"));
}

import { rm } from "node:fs/promises";
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Access } from "./access/access";
import { checkType, type TypeCall } from "./access/check";
import type { Identities, Identity } from "./access/identities";
import type { Cloud, View } from "./cloud";
import { CloudError } from "./errors";
import { type JsonObject, type JsonValue, textOrEmpty } from "./json";

/** Body of an error response. */
export interface Refusal {
    readonly code: number;
    readonly message: string;
}

/**
 * Serves the simulated cloud on a Unix socket. Paths that begin with a service's host belong to Google's REST API. Types that do not
 * support it yet have an API with Pulumi's properties: `POST /resources` with `{ type, inputs }`; `GET`, `PATCH` (with `{ inputs }`) and
 * `DELETE /resources/<type>/<id>`, both parts percent-encoded. `GET /ledger` lists all resources. This API responds when the operation is
 * done.
 *
 * The socket is the owner's. A call with the access token of a service account is one of that account.
 * @param socket path of the socket; a leftover socket is replaced
 * @returns a function that closes the socket and its connections
 */
export async function serveCloud(args: {
    readonly socket: string;
    readonly cloud: Cloud;
    /** Handles requests to Google's REST API. */
    readonly api: RequestListener;
    readonly identities: Identities;
    readonly access: Access;
}): Promise<() => Promise<void>> {
    const { socket, cloud, api, identities, access } = args;
    await rm(socket, { force: true });
    const server = createServer((request, response) => {
        if (/^\/[^/]+\.googleapis\.com\//.test(request.url ?? "")) {
            api(request, response);
        } else {
            void answer(cloud, request, response, (call) => {
                checkType(access, callerOf(request, identities), call);
            });
        }
    });
    await new Promise<void>((resolve, reject) => {
        server.once("error", reject).listen(socket, resolve);
    });
    return async () => {
        const closed = new Promise<void>((resolve) =>
            server.close(() => {
                resolve();
            }),
        );
        server.closeAllConnections();
        await closed;
    };
}

/** @throws CloudError 403 if the caller lacks a permission, 401 if its token is unknown or expired */
type Check = (call: TypeCall) => void;

async function answer(cloud: Cloud, request: IncomingMessage, response: ServerResponse, check: Check): Promise<void> {
    try {
        const body = await route(cloud, request, check);
        if (response.destroyed) {
            return;
        } // The caller disconnected: a created resource stays unclaimed.
        send(response, 200, body);
        if (request.method === "POST") {
            claim(cloud, body as View);
        }
    } catch (error) {
        const refusal = refusalOf(error);
        if (response.destroyed) {
            return;
        }
        send(response, refusal.code, refusal);
    }
}

/** If the ledger cannot be written, the resource stays unclaimed, which is harmless. */
function claim(cloud: Cloud, { type, id }: View): void {
    try {
        cloud.claim(type, id);
    } catch (error) {
        process.stderr.write(`${String(error)}\n`);
    }
}

function callerOf({ headers }: IncomingMessage, identities: Identities): Identity {
    const [, token] = /^Bearer (.+)$/.exec(headers.authorization ?? "") ?? [];
    const caller = token === undefined ? {} : identities.find(token);
    if (caller === undefined) {
        throw new CloudError(401, "Request had invalid authentication credentials");
    }
    return caller;
}

async function route(cloud: Cloud, request: IncomingMessage, check: Check): Promise<unknown> {
    const [collection, type, id, ...more] = (request.url ?? "").slice(1).split("/").map(decodeURIComponent);
    const method = `${request.method ?? ""} ${collection ?? ""}`;
    if (method === "GET ledger" && type === undefined) {
        return cloud.list();
    }
    if (method === "POST resources" && type === undefined) {
        const { type, inputs } = (await body(request)) as { type: string; inputs: JsonObject };
        check({ type, verb: "create", name: `projects/${textOrEmpty(inputs.project)}`, inputs });
        return cloud.create(type, inputs);
    }
    if (type !== undefined && id !== undefined && more.length === 0) {
        if (method === "GET resources") {
            check({ type, verb: "read", name: id });
            return cloud.read(type, id);
        }
        if (method === "PATCH resources") {
            const { inputs } = (await body(request)) as { inputs: JsonObject };
            check({ type, verb: "update", name: id, inputs });
            return cloud.update(type, id, inputs);
        }
        if (method === "DELETE resources") {
            check({ type, verb: "delete", name: id });
            cloud.delete(type, id);
            return {};
        }
    }
    throw new CloudError(404, `there is no ${request.method ?? ""} ${request.url ?? ""}`);
}

async function body(request: IncomingMessage): Promise<JsonObject> {
    return JSON.parse(await text(request)) as JsonObject & Readonly<Record<string, JsonValue>>;
}

function refusalOf(error: unknown): Refusal {
    if (error instanceof CloudError) {
        return { code: error.code, message: error.message };
    }
    if ((error as NodeJS.ErrnoException).code === "ENOSPC") {
        return {
            code: 500,
            message: "the disk of the sandbox is full, so the simulated cloud cannot keep its ledger: free some space and try again",
        };
    }
    return { code: 500, message: error instanceof Error ? error.message : String(error) };
}

function send(response: ServerResponse, code: number, body: unknown): void {
    response.writeHead(code, { "content-type": "application/json" }).end(JSON.stringify(body));
}

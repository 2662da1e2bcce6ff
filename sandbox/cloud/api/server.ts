import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { Access } from "../access/access";
import { checkMethod } from "../access/check";
import { ANYBODY, type Identities, type Identity } from "../access/identities";
import { checkEnabled } from "../handlers/service-usage/enabled-apis";
import type { JsonObject, JsonValue } from "../json";
import type { Ledger } from "../ledger";
import { ApiError, ensure, invalid } from "./api-error";
import { authenticate } from "./authentication";
import { normalizeBody } from "./body";
import { readParameters } from "./parameters";
import { withProjectIds } from "./projects";
import { requestAttributes } from "./request-attributes";
import { findRoutes, type Match, type Route, routesOf, serviceOf } from "./routes";
import type { ApiService } from "./service";

/** Dependencies of the API server. */
export interface ApiServerArgs {
    readonly services: readonly ApiService[];
    readonly ledger: Ledger;
    readonly identities: Identities;
    readonly access: Access;
}

/**
 * Handles requests in the format of Google's REST APIs. Paths begin with the service's host, as in `/artifactregistry.googleapis.com/v1/…`.
 */
export function apiListener(args: ApiServerArgs): RequestListener {
    const routes = routesOf(args.services.map(({ document }) => document));
    return (request, response) => {
        const url = new URL(request.url ?? "/", "http://api");
        const { service, pathname } = serviceOf(request.headers.host ?? "", url.pathname);
        const matches = findRoutes(routes, { ...(service !== undefined && { service }), pathname }, request.method ?? "");
        const host = service ?? matches[0]?.route.document.host;
        const isOpen = args.services.some(({ document, isOpen }) => document === matches[0]?.route.document && isOpen === true);
        const answer = async (): Promise<JsonObject | undefined> => {
            const caller = isOpen ? ANYBODY : authenticate(request, url.searchParams, args.identities, host);
            for (const [position, match] of matches.entries()) {
                try {
                    return await handle(args, match, caller, url.searchParams, request);
                } catch (error) {
                    const mayBeOfAnother = request.method === "GET" && position < matches.length - 1;
                    if (!mayBeOfAnother || refusalOf(error).status !== "NOT_FOUND") {
                        throw error;
                    }
                }
            }
            throw notServed(`${request.method ?? ""} ${pathname}`, service, routes);
        };
        answer().then(
            (body) => send(response, body === undefined ? 204 : 200, body),
            (error: unknown) => {
                const refusal = refusalOf(error);
                if (refusal.status === "UNAUTHENTICATED") {
                    response.setHeader("www-authenticate", 'Bearer realm="https://accounts.google.com/"');
                }
                const format = args.services.find(({ document }) => document.host === host)?.errorBody;
                send(response, refusal.code, format?.(refusal) ?? refusal.body);
            },
        );
    };
}

async function handle(
    { services, ledger, access }: ApiServerArgs,
    { route, path }: Match,
    caller: Identity,
    query: URLSearchParams,
    request: IncomingMessage,
): Promise<JsonObject | undefined> {
    const { document, id, method } = route;
    const service = services.find((service) => service.document === document);
    const handler = service?.handlers[id];
    ensure(handler !== undefined, `The sandbox has no handler for ${id}`, "UNIMPLEMENTED");
    const parameters = withProjectIds(ledger, readParameters(method, path, query));
    const body = method.request === undefined ? {} : normalizeBody(document, method.request, await bodyOf(request), service?.keepsDefaults);
    const attributes = requestAttributes(ledger, route, parameters, body);
    if (!BY_CALLERS_PROJECT.test(id)) {
        checkEnabled(ledger, document, attributes.name);
    }
    checkMethod(access, caller, id, attributes, body);
    return handler({
        ...{ parameters, body },
        granted: (permission, on = attributes.name) => access.grants(caller, permission, { ...attributes, name: on }),
    });
}

/**
 * Methods that need their API in the project of the caller, not in the project that they name: a project without Service Usage can get it back, and a stack
 * finds the numbers of other projects. https://cloud.google.com/docs/quotas/quota-project
 */
const BY_CALLERS_PROJECT = /^(serviceusage\.services\.(batchEnable|enable)|cloudresourcemanager\.projects\.get)$/;

async function bodyOf(request: IncomingMessage): Promise<JsonValue> {
    const body = await text(request);
    if (request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true) {
        return Object.fromEntries(new URLSearchParams(body));
    }
    try {
        // Google's client libraries send the text "" for a message without fields.
        return body === "" || body === '""' ? {} : (JSON.parse(body) as JsonValue);
    } catch (error) {
        throw invalid(`Invalid JSON payload received. ${(error as Error).message}`);
    }
}

/** The only error that Google's APIs do not have: the sandbox does not simulate the method. */
function notServed(request: string, service: string | undefined, routes: readonly Route[]): ApiError {
    const ofService = routes.filter(({ document }) => document.host === service).map(({ id }) => id);
    const served = ofService.length > 0 ? ofService : [...new Set(routes.map(({ document }) => document.host))];
    const what = service === undefined ? request : `${request} of ${service}`;
    return new ApiError("UNIMPLEMENTED", `The sandbox does not serve ${what}. It serves ${served.join(", ")}.`);
}

function refusalOf(error: unknown): ApiError {
    if (error instanceof ApiError) {
        return error;
    }
    return new ApiError("INTERNAL", error instanceof Error ? error.message : String(error));
}

function send(response: ServerResponse, code: number, body: JsonObject | undefined): void {
    if (body === undefined) {
        response.writeHead(code).end();
        return;
    }
    response.writeHead(code, { "content-type": "application/json; charset=UTF-8" }).end(`${JSON.stringify(body, undefined, 2)}\n`);
}

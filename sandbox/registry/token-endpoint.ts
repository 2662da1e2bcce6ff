import type { IncomingMessage, ServerResponse } from "node:http";
import type { Access } from "../cloud/access/access";
import { ANYBODY, type Identities, type Identity } from "../cloud/access/identities";
import { serveWithProcess } from "../host/http-server";
import { parseScope, type RegistryAccess, whyDenied } from "./access";
import { TOKEN_SECONDS, type TokenIssuer } from "./token-issuer";

/** Dependencies of the token endpoint. */
export interface TokenEndpointArgs {
    readonly port: number;
    readonly issuer: TokenIssuer;
    /** Finds the caller of an access token. */
    readonly identities: Pick<Identities, "find">;
    /** Decides what a caller may do. */
    readonly access: Pick<Access, "grants">;
}

/**
 * User names that Artifact Registry accepts with an access token.
 * https://cloud.google.com/artifact-registry/docs/docker/authentication#token
 */
const USERS = new Set(["oauth2accesstoken", "_token", "_dcgcloud_token"]);

interface Answer {
    readonly status: number;
    readonly body: object;
}

/** Path of the endpoint, as in Artifact Registry. */
export const TOKEN_PATH = "/v2/token";

/**
 * Serves `GET /v2/token?service=…&scope=…` on 127.0.0.1 as Artifact Registry does: exchanges an access token for a registry token.
 * The server does not keep the process alive. https://distribution.github.io/distribution/spec/auth/token/
 */
export function serveTokens(args: TokenEndpointArgs): Promise<void> {
    return serveWithProcess((request, response) => {
        send(response, answer(args, request));
    }, args.port);
}

function answer({ issuer, identities, access: policies }: TokenEndpointArgs, request: IncomingMessage): Answer {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://registry");
    // Clients first try OAuth's POST, which Google's registries do not support, and then fall back to GET.
    if (request.method !== "GET" || pathname !== TOKEN_PATH) {
        return refused(404, "NOT_FOUND", `the token endpoint does not serve ${request.method ?? ""} ${pathname}`);
    }
    const caller = callerOf(request.headers.authorization, identities);
    if (caller === undefined) {
        return refused(401, "UNAUTHORIZED", "authentication failed");
    }
    const scopes = searchParams.getAll("scope").flatMap((scope) => scope.split(" ").filter((part) => part !== ""));
    const requested = scopes.map((scope) => ({ scope, access: parseScope(scope) }));
    const isPush = requested.some(({ access }) => access?.actions.includes("push") === true);
    const accesses: RegistryAccess[] = [];
    for (const { scope, access } of requested) {
        if (access === undefined) {
            return refused(400, "UNSUPPORTED", `"${scope}" is not a scope`);
        }
        const why = whyDenied(caller, access, policies);
        if (why === undefined) {
            accesses.push(access);
        } else if (!(isPush && isMount(access))) {
            return refused(403, "DENIED", why);
        }
    }
    const now = new Date();
    const token = issuer.issue(caller.member ?? "owner", accesses, now);
    return { status: 200, body: { token, expires_in: TOKEN_SECONDS, issued_at: now.toISOString() } };
}

/**
 * A push also requests pulls from repositories with the same layers, to mount them. The token then allows less, and the client uploads the layers. The
 * sandbox's builder has layers of all projects. https://distribution.github.io/distribution/spec/auth/token/
 */
const isMount = ({ actions }: RegistryAccess): boolean => actions.every((action) => action === "pull");

/** Authenticates an Authorization header. Returns undefined if the credentials are invalid. */
function callerOf(header: string | undefined, identities: Pick<Identities, "find">): Identity | undefined {
    if (header === undefined) {
        return ANYBODY;
    }
    const [, scheme = "", value = ""] = /^(\S+) +(\S+)$/.exec(header) ?? [];
    return identities.find(passwordOf(scheme.toLowerCase(), value) ?? "");
}

function passwordOf(scheme: string, value: string): string | undefined {
    if (scheme === "bearer") {
        return value;
    }
    const [, user = "", password] = /^([^:]*):(.*)$/s.exec(Buffer.from(value, "base64").toString()) ?? [];
    return scheme === "basic" && USERS.has(user) ? password : undefined;
}

function refused(status: number, code: string, message: string): Answer {
    return { status, body: { errors: [{ code, message }] } };
}

function send(response: ServerResponse, { status, body }: Answer): void {
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

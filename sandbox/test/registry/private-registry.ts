import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

export const DIGEST = `sha256:${"a1".repeat(32)}`;
export const ACCESS_TOKEN = "an-access-token";

/** What a request of a test was: method, path with query, and the scheme of its Authorization header. */
export type Asked = string;

/**
 * A registry that asks for a token as Artifact Registry does. It gives one for the access token, and for `library/…` without credentials; it refuses a
 * wrong access token with 401 and any other request with 403. It has every image with the tag `v1` or the digest `DIGEST`.
 */
export class PrivateRegistry {
    readonly asked: Asked[] = [];
    private readonly server: Server;

    private constructor() {
        this.server = createServer((request, response) => {
            const { authorization = "none" } = request.headers;
            this.asked.push(`${request.method ?? ""} ${request.url ?? ""} ${authorization.split(" ")[0] ?? ""}`);
            const { pathname, searchParams } = new URL(request.url ?? "/", "http://registry");
            const [, name = "", version = ""] = /^\/v2\/(.+)\/manifests\/(.+)$/.exec(pathname) ?? [];
            if (pathname === "/token") {
                const scope = searchParams.get("scope") ?? "";
                const isPublic = authorization === "none" && scope.startsWith("repository:library/");
                const right = `Basic ${Buffer.from(`oauth2accesstoken:${ACCESS_TOKEN}`).toString("base64")}`;
                response.statusCode = isPublic || authorization === right ? 200 : authorization === "none" ? 403 : 401;
                response.end(JSON.stringify({ token: `for ${scope}`.replaceAll(" ", "-") }));
                return;
            }
            const scope = `repository:${name}:pull`;
            if (authorization !== `Bearer for-${scope}`) {
                response.writeHead(401, { "www-authenticate": `Bearer realm="http://${this.host}/token",service="here",scope="${scope}"` });
            } else if (version === "broken") {
                response.statusCode = 500;
            } else if (version === "v1" || version === DIGEST) {
                response.writeHead(200, { "docker-content-digest": DIGEST, "content-type": "application/vnd.oci.image.index.v1+json" });
            } else {
                response.statusCode = 404;
            }
            response.end("{}");
        });
    }

    static async start(): Promise<PrivateRegistry> {
        const registry = new PrivateRegistry();
        registry.server.listen(0, "127.0.0.1");
        await once(registry.server, "listening");
        return registry;
    }

    /** Host and port. */
    get host(): string {
        return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
    }

    stop(): void {
        this.server.close();
        this.server.closeAllConnections();
    }
}

/** A port of 127.0.0.1 that nothing listens on. */
export async function freePort(): Promise<number> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    server.close();
    await once(server, "close");
    return port;
}

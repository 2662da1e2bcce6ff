import { EnvHttpProxyAgent, fetch, type RequestInit, type Response } from "undici";

/** Milliseconds after which a server counts as unreachable. */
const PATIENCE = 20_000;

/**
 * Sends a request through the proxy of HTTPS_PROXY, HTTP_PROXY and NO_PROXY, as pulumi and gcloud do. Node's own `fetch` ignores them before Node 24.
 * @param isLocal whether the server is on this machine, which no proxy reaches
 * @throws Error with the reason if the server cannot be reached
 */
export async function send(
    url: string,
    { isLocal, ...request }: { readonly isLocal: boolean } & Pick<RequestInit, "method" | "headers">,
): Promise<Response> {
    const dispatcher = isLocal ? undefined : new EnvHttpProxyAgent();
    try {
        return await fetch(url, { ...request, signal: AbortSignal.timeout(PATIENCE), ...(dispatcher && { dispatcher }) });
    } catch (error) {
        const { message, cause } = error as Error;
        throw new Error(cause instanceof Error && cause.message !== "" ? cause.message : message, { cause: error });
    }
}

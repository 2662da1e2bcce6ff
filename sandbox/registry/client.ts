/** Media types of an image: an index, or the manifest of a single platform. */
export const IMAGE_TYPES = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

/**
 * Sends a request to the registry as Docker does: after a 401, gets a token from the realm in the response and retries with it.
 * @param init must not have a body that can only be read once
 * @param accessToken access token for the realm; undefined to request a token without credentials
 * @returns the response of the registry, or of the realm if it denies a token
 */
export async function askRegistry(url: string, init: RequestInit, accessToken: string | undefined): Promise<Response> {
    const first = await fetch(url, init);
    const realm = first.status === 401 ? tokenUrl(first.headers.get("www-authenticate")) : undefined;
    if (realm === undefined) {
        return first;
    }
    await first.body?.cancel();
    const credentials = new Headers();
    if (accessToken !== undefined) {
        credentials.set("authorization", `Basic ${Buffer.from(`oauth2accesstoken:${accessToken}`).toString("base64")}`);
    }
    const answer = await fetch(realm, { headers: credentials });
    if (!answer.ok) {
        return answer;
    }
    const { token } = (await answer.json()) as { token: string };
    const headers = new Headers(init.headers);
    headers.set("authorization", `Bearer ${token}`);
    return fetch(url, { ...init, headers });
}

/**
 * Returns the token URL of a challenge. https://distribution.github.io/distribution/spec/auth/token/
 * @returns undefined if the registry does not require a token
 */
function tokenUrl(challenge: string | null): string | undefined {
    const [, parameters = ""] = /^Bearer (.*)$/is.exec(challenge ?? "") ?? [];
    const named = new Map([...parameters.matchAll(/(\w+)="([^"]*)"/g)].map(([, name, value = ""]) => [name?.toLowerCase(), value]));
    const realm = named.get("realm");
    if (realm === undefined || !URL.canParse(realm)) {
        return undefined;
    }
    const url = new URL(realm);
    for (const name of ["service", "scope"]) {
        const value = named.get(name);
        if (value !== undefined) {
            url.searchParams.append(name, value);
        }
    }
    return url.href;
}

/**
 * Where a registry that answered 401 wants its clients to get a token.
 * https://distribution.github.io/distribution/spec/auth/token/
 * @param challenge its header WWW-Authenticate
 * @returns the address to ask, scope included; undefined where the registry asks for no token
 */
export function tokenUrl(challenge: string): string | undefined {
    const [, parameters] = /^Bearer (.*)$/is.exec(challenge) ?? [];
    const { realm, ...others } = Object.fromEntries(
        [...(parameters ?? "").matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name.toLowerCase(), value]),
    );
    if (realm === undefined || !URL.canParse(realm)) {
        return undefined;
    }
    const url = new URL(realm);
    for (const name of ["service", "scope"]) {
        const value = others[name];
        if (value !== undefined) {
            url.searchParams.append(name, value);
        }
    }
    return url.href;
}

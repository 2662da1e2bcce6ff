/**
 * The address of the token endpoint that a registry names with status 401.
 * https://distribution.github.io/distribution/spec/auth/token/
 * @param challenge its header WWW-Authenticate
 * @returns the address with its scope; undefined if the registry does not use tokens
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

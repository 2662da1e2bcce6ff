const SECRET_NAME = /(^|_)(secret|token|password|passwd|passphrase|credentials?|api_?key|access_?key|private_?key)$/i;

/** A key, a token with its issuer's prefix, or a password in a URL. */
const SECRET_VALUE =
    /-----BEGIN [A-Z ]*PRIVATE KEY-----|\b(gh[pousr]_|github_pat_|hf_|AKIA|AIza|ya29\.|sk-)[\w-]{16,}|:\/\/[^/\s:@]*:[^/\s:@]+@/;

/** Whether a named value is a secret. The path of a mounted secret is not one, nor is an empty value. */
export function looksSecret(name: string, value: string): boolean {
    return SECRET_VALUE.test(value) || (SECRET_NAME.test(name) && value !== "" && !value.startsWith("/"));
}

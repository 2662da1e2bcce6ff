import type { IncomingMessage } from "node:http";
import { ApiError } from "./api-error";

const EXPECTED =
    "Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";

/**
 * Checks the access token of a request, from the `Authorization` header or the `access_token` parameter.
 * @param valid the current access token
 * @throws ApiError 401 if the token is missing or wrong
 */
export function checkToken({ headers }: IncomingMessage, query: URLSearchParams, valid: string, service: string | undefined): void {
    const token = /^bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? query.get("access_token") ?? undefined;
    if (token === undefined) {
        throw unauthenticated(`Request is missing required authentication credential. ${EXPECTED}`, "CREDENTIALS_MISSING", service);
    }
    if (valid === "" || token !== valid) {
        throw unauthenticated(`Request had invalid authentication credentials. ${EXPECTED}`, "ACCESS_TOKEN_TYPE_UNSUPPORTED", service);
    }
}

function unauthenticated(message: string, reason: string, service: string | undefined): ApiError {
    return new ApiError("UNAUTHENTICATED", message, [
        {
            "@type": "type.googleapis.com/google.rpc.ErrorInfo",
            reason,
            domain: "googleapis.com",
            ...(service !== undefined && { metadata: { service } }),
        },
    ]);
}

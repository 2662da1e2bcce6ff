import type { IncomingMessage } from "node:http";
import type { Identities, Identity } from "../access/identities";
import { ApiError } from "./api-error";

const EXPECTED =
    "Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.";

/**
 * Identifies the caller by the access token, from the `Authorization` header or the `access_token` parameter.
 * @throws ApiError 401 if the token is missing, unknown or expired
 */
export function authenticate(
    { headers }: IncomingMessage,
    query: URLSearchParams,
    identities: Identities,
    service: string | undefined,
): Identity {
    const token = /^bearer +(\S+)$/i.exec(headers.authorization ?? "")?.[1] ?? query.get("access_token") ?? undefined;
    if (token === undefined) {
        throw unauthenticated(`Request is missing required authentication credential. ${EXPECTED}`, "CREDENTIALS_MISSING", service);
    }
    const caller = identities.find(token);
    if (caller === undefined) {
        throw unauthenticated(`Request had invalid authentication credentials. ${EXPECTED}`, "ACCESS_TOKEN_TYPE_UNSUPPORTED", service);
    }
    return caller;
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

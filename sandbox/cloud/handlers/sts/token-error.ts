import { ApiError } from "../../api/api-error";

/**
 * Why no token is issued: the credential is invalid, the request is malformed, the provider does not exist, or the provider rejects the
 * credential. https://www.rfc-editor.org/rfc/rfc8693#section-2.2.2
 */
export type TokenReason = "invalid_grant" | "invalid_request" | "invalid_target" | "unauthorized_client";

/** Makes a refusal of a message. */
export function tokenError(reason: TokenReason): (message: string) => TokenError {
    return (message) => new TokenError(reason, message);
}

/** A refusal of the Security Token Service, in the form of OAuth 2.0. */
export class TokenError extends ApiError {
    constructor(
        readonly reason: TokenReason,
        message: string,
    ) {
        super("INVALID_ARGUMENT", message, [], reason === "unauthorized_client" ? 401 : 400);
    }
}

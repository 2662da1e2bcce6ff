import type { Identities } from "../../access/identities";
import { ApiError } from "../../api/api-error";
import { projectIdOf } from "../../api/projects";
import { apiService, type ApiService } from "../../api/service";
import document from "../../discovery/documents/project/sts.v1.json";
import { type JsonObject, textOrEmpty } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { POOL, PROVIDER } from "../iam/identity-pools";
import { checkEnabled } from "../service-usage/enabled-apis";
import { federatedIdentity } from "./attributes";
import { verifiedClaims } from "./id-token";
import { TokenError } from "./token-error";

const AUDIENCE = /^\/\/iam\.googleapis\.com\/projects\/(\d+)\/(locations\/global\/workloadIdentityPools\/([^/]+)\/providers\/[^/]+)$/;
/** A federated token lives as long as the credential, at most. https://cloud.google.com/iam/docs/workload-identity-federation */
const MOST_SECONDS = 3600;

/** Security Token Service v1: exchanges OpenID Connect tokens for access tokens of federated principals. */
export function federatedTokens(ledger: Ledger, identities: Identities): ApiService {
    const errorBody = (error: ApiError): JsonObject =>
        error instanceof TokenError ? { error: error.reason, error_description: error.message } : error.body;
    return apiService(
        document,
        {
            "sts.token": async ({ body }) => {
                const provider = providerOf(ledger, textOrEmpty(body.audience));
                checkEnabled(ledger, document, provider.id);
                const claims = await verifiedClaims(textOrEmpty(body.subjectToken), provider);
                const identity = federatedIdentity(claims, provider);
                const seconds = Math.min(MOST_SECONDS, Math.floor(Number(claims.exp) - Date.now() / 1000));
                return {
                    access_token: identities.issue(identity, seconds).accessToken,
                    issued_token_type: "urn:ietf:params:oauth:token-type:access_token",
                    token_type: "Bearer",
                    expires_in: seconds,
                };
            },
        },
        { isOpen: true, errorBody },
    );
}

/** Finds the identity provider that a token is for. */
function providerOf(ledger: Ledger, audience: string): Entry {
    const [, number = "", name = "", pool = ""] = AUDIENCE.exec(audience) ?? [];
    if (number === "") {
        const help = "See https://cloud.google.com/iam/docs/reference/sts/rest/v1/TopLevel/token for the list of possible formats.";
        const problem = `Invalid value for "audience". This value should be the full resource name of the Identity Provider. ${help}`;
        throw new TokenError("invalid_request", problem);
    }
    const parent = `projects/${knownProject(ledger, number)}`;
    const provider = ledger.get(PROVIDER, `${parent}/${name}`);
    const poolEntry = ledger.get(POOL, `${parent}/locations/global/workloadIdentityPools/${pool}`);
    if (provider === undefined || provider.inputs.disabled === true || poolEntry?.inputs.disabled === true) {
        throw new TokenError(
            "invalid_target",
            'The target service indicated by the "audience" parameters is invalid. This might either be because the pool or provider is disabled or deleted or because it doesn\'t exist.',
        );
    }
    return provider;
}

function knownProject(ledger: Ledger, number: string): string {
    try {
        return projectIdOf(ledger, number);
    } catch (error) {
        if (error instanceof ApiError) {
            return "";
        }
        throw error;
    }
}

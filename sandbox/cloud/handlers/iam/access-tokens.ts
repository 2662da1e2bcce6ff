import { type Identities, serviceAccount } from "../../access/identities";
import { ensure, invalid } from "../../api/api-error";
import { apiService, type ApiService, textOf } from "../../api/service";
import document from "../../discovery/documents/iamcredentials.v1.json";
import { isJsonList, textOrEmpty } from "../../json";
import type { Ledger } from "../../ledger";
import { shortName } from "../../resource-name";
import { findAccount } from "./service-accounts";

/** https://cloud.google.com/iam/docs/reference/credentials/rest/v1/projects.serviceAccounts/generateAccessToken */
const DEFAULT_SECONDS = 3600;
/** An organization policy can extend the lifetime to 12 hours; the sandbox has none. */
const MOST_SECONDS = 3600;

/** IAM Service Account Credentials v1: access tokens of service accounts, for callers that impersonate them. */
export function accessTokens(ledger: Ledger, identities: Identities): ApiService {
    return apiService(document, {
        "iamcredentials.projects.serviceAccounts.generateAccessToken": (call) => {
            const { id, inputs } = findAccount(ledger, textOf(call, "name"));
            const { scope, lifetime } = call.body;
            ensure(isJsonList(scope), "The scope field is required and must be a non-empty list of OAuth 2.0 scopes.");
            ensure(inputs.disabled !== true, "Service account is disabled.");
            const seconds = lifetime === undefined ? DEFAULT_SECONDS : Number(textOrEmpty(lifetime).slice(0, -1));
            if (seconds <= 0 || seconds > MOST_SECONDS) {
                throw invalid(`The requested lifetime must be more than 0 seconds and at most ${MOST_SECONDS} seconds.`);
            }
            return { ...identities.issue(serviceAccount(shortName(id)), seconds) };
        },
    });
}

import { ApiError, invalid } from "../../api/api-error";
import type { JsonValue } from "../../json";
import type { Ledger } from "../../ledger";
import { serviceAgent } from "../service-usage/services";
import { bindingsOf } from "../common/policy-bindings";
import { CRYPTO_KEY } from "../kms/keys";

const ENCRYPTS = "roles/cloudkms.cryptoKeyEncrypterDecrypter";

/**
 * Checks that a repository's encryption key is in the same location. https://cloud.google.com/artifact-registry/docs/cmek
 * @throws ApiError if not
 */
export function checkKey(key: JsonValue | undefined, location: string): void {
    if (typeof key === "string" && /\/locations\/([^/]+)\//.exec(key)?.[1] !== location.toLowerCase()) {
        throw invalid(`The KMS key '${key}' is not in the repository's location '${location}'`);
    }
}

/**
 * Returns the error with which the creation of a repository ends if the Artifact Registry service agent may not use the key.
 * https://github.com/hashicorp/terraform-provider-google/issues/11913
 */
export function keyProblem(ledger: Ledger, key: JsonValue | undefined, project: string): ApiError | undefined {
    const member = `serviceAccount:${serviceAgent(project, "artifactregistry.googleapis.com")}`;
    const policy = typeof key === "string" ? ledger.get(CRYPTO_KEY, key)?.policy : undefined;
    const isGranted = bindingsOf(policy?.bindings).some(({ role, members }) => role === ENCRYPTS && members.includes(member));
    const advice = "Please ensure your Artifact Registry service account has been authorized to use the configured key.";
    return key === undefined || isGranted ? undefined : new ApiError("PERMISSION_DENIED", `Permission denied on Cloud KMS key. ${advice}`);
}

import { ApiError, invalid } from "../../api/api-error";
import type { JsonValue } from "../../json";
import type { Ledger } from "../../ledger";
import { serviceAgent } from "../../services/iam";

const ENCRYPTS = "roles/cloudkms.cryptoKeyEncrypterDecrypter";

/**
 * Checks that a repository's encryption key is in the same location and that the Artifact Registry service agent may use it.
 * https://cloud.google.com/artifact-registry/docs/cmek
 * @throws ApiError if not
 */
export function checkKey(ledger: Ledger, key: JsonValue | undefined, project: string, location: string): void {
    if (typeof key !== "string") {
        return;
    }
    if (/\/locations\/([^/]+)\//.exec(key)?.[1] !== location.toLowerCase()) {
        throw invalid(`The KMS key '${key}' is not in the repository's location '${location}'`);
    }
    const member = `serviceAccount:${serviceAgent(project, "artifactregistry.googleapis.com")}`;
    const granted = ledger
        .list()
        .some(
            ({ type, inputs }) =>
                type === "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember" &&
                inputs.cryptoKeyId === key &&
                inputs.member === member &&
                inputs.role === ENCRYPTS,
        );
    if (!granted) {
        throw new ApiError(
            "PERMISSION_DENIED",
            `Permission 'cloudkms.cryptoKeyVersions.useToEncrypt' denied for ${member} on resource '${key}' (or it may not exist)`,
        );
    }
}

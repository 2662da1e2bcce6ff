import type { Draft } from "../draft";
import { CloudError } from "../errors";
import type { JsonObject } from "../json";
import { fullName, iamMember, type Service } from "../service";
import { serviceAgent } from "./iam";

function repository(draft: Draft, property: string): string {
    return fullName(draft.text(property), (name) => `projects/${draft.project}/locations/${draft.text("location")}/repositories/${name}`);
}

const REPOSITORY = "gcp:artifactregistry/repository:Repository";

/**
 * A repository takes a key of its own location, which Artifact Registry's agent may use. https://cloud.google.com/artifact-registry/docs/cmek
 * @param grants the inputs of all grants on keys
 */
function checkKey(draft: Draft, grants: readonly JsonObject[]): void {
    const key = draft.optionalText("kmsKeyName");
    if (key === undefined) {
        return;
    }
    const location = /\/locations\/([^/]+)\//.exec(key)?.[1];
    if (location !== draft.text("location").toLowerCase()) {
        throw new CloudError(400, `The KMS key '${key}' is not in the repository's location '${draft.text("location")}'`);
    }
    const member = `serviceAccount:${serviceAgent(draft.project, "artifactregistry.googleapis.com")}`;
    const granted = grants.some(
        (grant) => grant.cryptoKeyId === key && grant.member === member && grant.role === "roles/cloudkms.cryptoKeyEncrypterDecrypter",
    );
    if (!granted) {
        throw new CloudError(
            403,
            `Permission 'cloudkms.cryptoKeyVersions.useToEncrypt' denied for ${member} on resource '${key}' (or it may not exist)`,
        );
    }
}

export const artifactRegistry: Service = {
    [REPOSITORY]: {
        id: (draft) => repository(draft, "repositoryId"),
        name: {
            property: "repositoryId",
            maxLength: 63,
            pattern: /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
            rule: "lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
        },
        regional: "location",
        check: (draft, existing) => {
            checkKey(draft, existing("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"));
        },
        outputs: ({ draft, registry }) => ({
            name: draft.text("repositoryId"),
            // Google's address, with the sandbox's registry in front as a mirror is.
            registryUri: `${registry}/${draft.text("location")}-docker.pkg.dev/${draft.project}/${draft.text("repositoryId")}`,
        }),
    },
    "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": {
        ...iamMember(REPOSITORY, (draft) => repository(draft, "repository")),
        regional: "location",
    },
};

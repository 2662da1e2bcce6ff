import { type Draft, projectNumber } from "../draft";
import { fullName, iamMember, type Service } from "../service";

const KEY_RING = "gcp:kms/keyRing:KeyRing";
const KEY = "gcp:kms/cryptoKey:CryptoKey";
const SECRET = "gcp:secretmanager/secret:Secret";

function secret(draft: Draft, property: string): string {
    return fullName(draft.text(property), (name) => `projects/${draft.project}/secrets/${name}`);
}

const KEY_NAMES = { property: "name", maxLength: 63, pattern: /^[a-zA-Z0-9_-]{1,63}$/, rule: "letters, digits, underscores and hyphens" };

/** Cloud KMS and Secret Manager. */
export const security: Service = {
    [KEY_RING]: {
        id: (draft) => `projects/${draft.project}/locations/${draft.text("location")}/keyRings/${draft.text("name")}`,
        name: KEY_NAMES,
    },
    [KEY]: {
        id: (draft) => `${draft.text("keyRing")}/cryptoKeys/${draft.text("name")}`,
        name: KEY_NAMES,
        references: (draft) => [{ type: KEY_RING, id: draft.text("keyRing"), onDelete: "cascade" }],
        outputs: ({ id }) => ({ primaries: [{ name: `${id}/cryptoKeyVersions/1`, state: "ENABLED" }] }),
    },
    "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember": iamMember(KEY, (draft) => draft.text("cryptoKeyId"), true),
    [SECRET]: {
        id: (draft) => secret(draft, "secretId"),
        name: { property: "secretId", maxLength: 255, pattern: /^[a-zA-Z0-9_-]{1,255}$/, rule: "letters, digits, underscores and hyphens" },
        outputs: ({ draft }) => ({ name: `projects/${projectNumber(draft.project)}/secrets/${draft.text("secretId")}` }),
    },
    "gcp:secretmanager/secretIamMember:SecretIamMember": iamMember(SECRET, (draft) => secret(draft, "secretId"), true),
    "gcp:secretmanager/secretVersion:SecretVersion": {
        id: (draft) => `${secret(draft, "secret")}/versions/${version(draft)}`,
        references: (draft) => [{ type: SECRET, id: secret(draft, "secret"), onDelete: "cascade" }],
        outputs: ({ draft, id }) => ({ name: id, version: version(draft), destroyTime: "" }),
    },
};

/** Real versions count from 1. A generated number distinguishes a replacement from the version that it replaces. */
function version(draft: Draft): string {
    return draft.number(6);
}

import type { Document } from "../../../../cloud/discovery/document";
import document from "../../../../cloud/discovery/documents/iam.v1.json";
import { SERVICE_ACCOUNT } from "../../../../cloud/handlers/iam/service-accounts";
import { PROJECT } from "../../../../cloud/handlers/resource-manager/projects";
import { textOrEmpty } from "../../../../cloud/json";
import { parentOf } from "../../../../cloud/resource-name";
import { GOOGLE_NAMES, NAME_LIMITS } from "../../../../../gke/names";
import { iamMemberType } from "../iam-member";
import type { MappedType } from "../mapped-type";
import { nameTemplate } from "../name-template";
import { protoName } from "../../../../cloud/api/names";
import { restType } from "../rest-type";

const API = "iam.googleapis.com/v1";
const TOKEN = "gcp:serviceaccount/account:Account";

const EMAIL = "{accountId}@{project}.iam.gserviceaccount.com";

function addresses(address: string) {
    return { email: address, member: `serviceAccount:${address}` };
}

/** Service accounts, their IAM members and the IAM members of projects, by token. */
export const serviceAccount: Readonly<Record<string, MappedType>> = {
    [TOKEN]: restType({
        ...{ token: TOKEN, asset: SERVICE_ACCOUNT, document: document as Document, api: API, schema: "ServiceAccount" },
        id: nameTemplate(`projects/{project}/serviceAccounts/${EMAIL}`),
        name: {
            property: "accountId",
            maxLength: NAME_LIMITS.serviceAccount.most,
            pattern: GOOGLE_NAMES.serviceAccount,
            rule: "6 to 30 lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
        },
        predicted: (inputs) =>
            typeof inputs.accountId === "string" && typeof inputs.project === "string" ? addresses(nameTemplate(EMAIL).fill(inputs)) : {},
        createRequest: (name, body, { accountId }) => ({
            path: parentOf(name),
            body: { accountId, serviceAccount: body },
        }),
        patchRequest: (name, body, fields) => ({ path: name, body: { serviceAccount: body, updateMask: fields.map(protoName).join(",") } }),
        settle: async (client, path, { disabled = false }, before) => {
            if (disabled !== (before.disabled ?? false)) {
                await client.call("POST", `${path}:${disabled === true ? "disable" : "enable"}`, {});
            }
        },
        switches: ["disabled"],
        computed: (body) => addresses(textOrEmpty(body.email)),
    }),
    "gcp:serviceaccount/iAMMember:IAMMember": iamMemberType({
        ...{ asset: SERVICE_ACCOUNT, api: API, read: "POST with query" },
        resource: nameTemplate("{serviceAccountId}"),
    }),
    "gcp:projects/iAMMember:IAMMember": iamMemberType({
        ...{ asset: PROJECT, api: "cloudresourcemanager.googleapis.com/v1/projects", read: "POST with body" },
        resource: nameTemplate("{project}"),
        entry: (project) => `projects/${project}`,
    }),
};

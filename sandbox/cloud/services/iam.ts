import { GOOGLE_NAMES, NAME_LIMITS } from "../../../gke/names";
import { type Draft, projectNumber } from "../draft";
import { CloudError } from "../errors";
import { fullName, iamMember, type Service } from "../service";

const ACCOUNT = "gcp:serviceaccount/account:Account";
const POOL = "gcp:iam/workloadIdentityPool:WorkloadIdentityPool";

function email(draft: Draft): string {
    return `${draft.text("accountId")}@${draft.project}.iam.gserviceaccount.com`;
}

function pool(draft: Draft): string {
    return fullName(
        draft.text("workloadIdentityPoolId"),
        (name) => `projects/${draft.project}/locations/global/workloadIdentityPools/${name}`,
    );
}

/** The public name of a pool or provider has the project's number where its id has the project. */
function numbered(draft: Draft, id: string): string {
    return id.replace(`projects/${draft.project}/`, `projects/${projectNumber(draft.project)}/`);
}

/** The account under which a Google service acts in a project. https://cloud.google.com/iam/docs/service-agents */
export function serviceAgent(project: string, service: string): string {
    return `service-${projectNumber(project)}@gcp-sa-${service.replace(/\.googleapis\.com$/, "")}.iam.gserviceaccount.com`;
}

const POOL_NAMES = { maxLength: 32, pattern: /^[a-z0-9-]{4,32}$/, rule: "4 to 32 lower-case letters, digits and hyphens" };

export const iam: Service = {
    [ACCOUNT]: {
        id: (draft) => `projects/${draft.project}/serviceAccounts/${email(draft)}`,
        name: {
            property: "accountId",
            maxLength: NAME_LIMITS.serviceAccount.most,
            pattern: GOOGLE_NAMES.serviceAccount,
            rule: "6 to 30 lower-case letters, digits and hyphens, starting with a letter and not ending with a hyphen",
        },
        foretold: (draft) => ({ email: email(draft), member: `serviceAccount:${email(draft)}` }),
        outputs: ({ draft, id }) => ({
            email: email(draft),
            member: `serviceAccount:${email(draft)}`,
            name: id,
            uniqueId: draft.number(21),
        }),
    },
    "gcp:serviceaccount/iAMMember:IAMMember": iamMember(ACCOUNT, (draft) => draft.text("serviceAccountId")),
    "gcp:projects/iAMMember:IAMMember": iamMember(undefined, (draft) => draft.project),
    "gcp:projects/iAMCustomRole:IAMCustomRole": {
        id: (draft) => `projects/${draft.project}/roles/${draft.text("roleId")}`,
        name: {
            property: "roleId",
            maxLength: 64,
            pattern: /^[a-zA-Z0-9_.]{3,64}$/,
            rule: "3 to 64 letters, digits, underscores and full stops",
            separator: "",
        },
        outputs: ({ id }) => ({ name: id, deleted: false }),
    },
    "gcp:projects/service:Service": {
        id: (draft) => `${draft.project}/${draft.text("service")}`,
        check: (draft) => {
            if (!/^[a-z][a-z0-9-]*(\.[a-z0-9-]+)+$/.test(draft.text("service"))) {
                throw new CloudError(400, `Service '${draft.text("service")}' is not the name of an API, such as container.googleapis.com`);
            }
        },
        additive: true,
    },
    "gcp:projects/serviceIdentity:ServiceIdentity": {
        id: (draft) => `projects/${draft.project}/services/${draft.text("service")}`,
        outputs: ({ draft }) => {
            const email = serviceAgent(draft.project, draft.text("service"));
            return { email, member: `serviceAccount:${email}` };
        },
        additive: true,
    },
    [POOL]: {
        id: pool,
        name: { property: "workloadIdentityPoolId", ...POOL_NAMES },
        outputs: ({ draft, id }) => ({ name: numbered(draft, id), state: "ACTIVE" }),
    },
    "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider": {
        id: (draft) => `${pool(draft)}/providers/${draft.text("workloadIdentityPoolProviderId")}`,
        name: { property: "workloadIdentityPoolProviderId", ...POOL_NAMES },
        references: (draft) => [{ type: POOL, id: pool(draft), onDelete: "cascade" }],
        outputs: ({ draft, id }) => ({ name: numbered(draft, id), state: "ACTIVE" }),
    },
};

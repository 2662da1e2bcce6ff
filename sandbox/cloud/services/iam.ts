import { type Draft, projectNumber } from "../draft";
import { CloudError } from "../errors";
import { fullName, type Service } from "../service";

const POOL = "gcp:iam/workloadIdentityPool:WorkloadIdentityPool";

function pool(draft: Draft): string {
    return fullName(
        draft.text("workloadIdentityPoolId"),
        (name) => `projects/${draft.project}/locations/global/workloadIdentityPools/${name}`,
    );
}

/** Returns the public name of a pool or provider: its ID with the project number instead of the project ID. */
function numbered(draft: Draft, id: string): string {
    return id.replace(`projects/${draft.project}/`, `projects/${projectNumber(draft.project)}/`);
}

/** Returns the service agent of a Google service in a project. https://cloud.google.com/iam/docs/service-agents */
export function serviceAgent(project: string, service: string): string {
    return `service-${projectNumber(project)}@gcp-sa-${service.replace(/\.googleapis\.com$/, "")}.iam.gserviceaccount.com`;
}

const POOL_NAMES = { maxLength: 32, pattern: /^[a-z0-9-]{4,32}$/, rule: "4 to 32 lower-case letters, digits and hyphens" };

export const iam: Service = {
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

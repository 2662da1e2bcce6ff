import { CUSTOM_ROLE } from "../../../../cloud/access/access";
import type { Document } from "../../../../cloud/discovery/document";
import document from "../../../../cloud/discovery/documents/iam.v1.json";
import { POOL, PROVIDER } from "../../../../cloud/handlers/iam/identity-pools";
import { parentOf, shortName } from "../../../../cloud/resource-name";
import type { MappedType } from "../mapped-type";
import { nameTemplate } from "../name-template";
import { createIn, restType } from "../rest-type";

const ROLE_TOKEN = "gcp:projects/iAMCustomRole:IAMCustomRole";
const POOL_TOKEN = "gcp:iam/workloadIdentityPool:WorkloadIdentityPool";
const PROVIDER_TOKEN = "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider";

const COMMON = { document: document as Document, api: "iam.googleapis.com/v1" } as const;
const POOL_NAMES = { maxLength: 32, pattern: /^[a-z0-9-]{4,32}$/, rule: "4 to 32 lower-case letters, digits and hyphens" };

const POOL_NAME = "projects/{project}/locations/global/workloadIdentityPools/{workloadIdentityPoolId}";

/** Custom roles, and workload identity pools with their providers, by token. */
export const iam: Readonly<Record<string, MappedType>> = {
    [ROLE_TOKEN]: restType({
        ...{ ...COMMON, token: ROLE_TOKEN, asset: CUSTOM_ROLE, schema: "Role" },
        id: nameTemplate("projects/{project}/roles/{roleId}"),
        name: {
            property: "roleId",
            maxLength: 64,
            pattern: /^[a-zA-Z0-9_.]{3,64}$/,
            rule: "3 to 64 letters, digits, underscores and full stops",
            separator: "",
        },
        createRequest: (id, role) => ({ path: parentOf(id), body: { roleId: shortName(id), role } }),
        shape: { moved: { permissions: "includedPermissions" } },
        defaults: { stage: "GA" },
        computed: () => ({ deleted: false }),
    }),
    [POOL_TOKEN]: restType({
        ...{ ...COMMON, token: POOL_TOKEN, asset: POOL, schema: "WorkloadIdentityPool", longRunning: true },
        id: nameTemplate(POOL_NAME),
        name: { property: "workloadIdentityPoolId", ...POOL_NAMES },
        createRequest: createIn("workloadIdentityPoolId"),
        notInBody: ["project", "workloadIdentityPoolId", "deletionPolicy"],
    }),
    [PROVIDER_TOKEN]: restType({
        ...{ ...COMMON, token: PROVIDER_TOKEN, asset: PROVIDER, schema: "WorkloadIdentityPoolProvider", longRunning: true },
        id: nameTemplate(`${POOL_NAME}/providers/{workloadIdentityPoolProviderId}`),
        name: { property: "workloadIdentityPoolProviderId", ...POOL_NAMES },
        createRequest: createIn("workloadIdentityPoolProviderId"),
    }),
};

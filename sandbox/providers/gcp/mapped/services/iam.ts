import { CUSTOM_ROLE } from "../../../../cloud/access/access";
import type { Document } from "../../../../cloud/discovery/document";
import document from "../../../../cloud/discovery/documents/iam.v1.json";
import { POOL, PROVIDER } from "../../../../cloud/handlers/iam/identity-pools";
import { type JsonObject, textOrEmpty } from "../../../../cloud/json";
import { fullName, parentOf, shortName } from "../../../../cloud/resource-name";
import { type MappedType, required } from "../mapped-type";
import { createIn, patchWithMask, restType } from "../rest-type";

const ROLE_TOKEN = "gcp:projects/iAMCustomRole:IAMCustomRole";
const POOL_TOKEN = "gcp:iam/workloadIdentityPool:WorkloadIdentityPool";
const PROVIDER_TOKEN = "gcp:iam/workloadIdentityPoolProvider:WorkloadIdentityPoolProvider";

const COMMON = { document: document as Document, api: "iam.googleapis.com/v1", patchRequest: patchWithMask } as const;
const POOL_NAMES = { maxLength: 32, pattern: /^[a-z0-9-]{4,32}$/, rule: "4 to 32 lower-case letters, digits and hyphens" };

// The API names pools by the number of the project, and the official provider by its ID.
const poolId = ({ project, workloadIdentityPoolId: pool }: JsonObject): string =>
    fullName(textOrEmpty(pool), (name) => `projects/${textOrEmpty(project)}/locations/global/workloadIdentityPools/${name}`);
const providerId = (inputs: JsonObject): string => `${poolId(inputs)}/providers/${textOrEmpty(inputs.workloadIdentityPoolProviderId)}`;

/** Custom roles, and workload identity pools with their providers, by token. */
export const iam: Readonly<Record<string, MappedType>> = {
    [ROLE_TOKEN]: restType({
        ...{ ...COMMON, token: ROLE_TOKEN, asset: CUSTOM_ROLE, schema: "Role", longRunning: false },
        id: (inputs) => `projects/${required(inputs, "project")}/roles/${required(inputs, "roleId")}`,
        name: {
            property: "roleId",
            maxLength: 64,
            pattern: /^[a-zA-Z0-9_.]{3,64}$/,
            rule: "3 to 64 letters, digits, underscores and full stops",
            separator: "",
        },
        createRequest: (id, role) => ({ path: parentOf(id), body: { roleId: shortName(id), role } }),
        partsOf: (id) => ({ project: id.split("/")[1], roleId: shortName(id) }),
        notInBody: ["project", "roleId", "deletionPolicy"],
        shape: { moved: { permissions: "includedPermissions" } },
        defaults: { stage: "GA" },
        optionalComputed: [],
        computed: () => ({ deleted: false }),
    }),
    [POOL_TOKEN]: restType({
        ...{ ...COMMON, token: POOL_TOKEN, asset: POOL, schema: "WorkloadIdentityPool", longRunning: true },
        id: poolId,
        idOf: (_, inputs) => poolId(inputs),
        name: { property: "workloadIdentityPoolId", ...POOL_NAMES },
        createRequest: createIn("workloadIdentityPoolId"),
        notInBody: ["project", "workloadIdentityPoolId", "deletionPolicy"],
        partsOf: (id) => ({ project: id.split("/")[1], workloadIdentityPoolId: shortName(id) }),
        optionalComputed: [],
        computed: () => ({}),
    }),
    [PROVIDER_TOKEN]: restType({
        ...{ ...COMMON, token: PROVIDER_TOKEN, asset: PROVIDER, schema: "WorkloadIdentityPoolProvider", longRunning: true },
        id: providerId,
        idOf: (_, inputs) => providerId(inputs),
        name: { property: "workloadIdentityPoolProviderId", ...POOL_NAMES },
        createRequest: createIn("workloadIdentityPoolProviderId"),
        notInBody: ["project", "workloadIdentityPoolId", "workloadIdentityPoolProviderId", "deletionPolicy"],
        partsOf: (id) => ({
            project: id.split("/")[1],
            workloadIdentityPoolId: id.split("/")[5],
            workloadIdentityPoolProviderId: shortName(id),
        }),
        optionalComputed: [],
        computed: () => ({}),
    }),
};

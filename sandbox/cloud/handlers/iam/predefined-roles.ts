import { ensure } from "../../api/api-error";
import { type Call, type Handler, textOf } from "../../api/service";
import { knownPermissions, permissionsOfRole, ROLE_NAMES } from "../../access/permissions";
import type { JsonObject } from "../../json";
import { pageOf } from "../common/pages";

/** https://cloud.google.com/iam/docs/reference/rest/v1/roles/list */
const MOST_OF_A_PAGE = 1000;

/**
 * Predefined roles and the permissions that a custom role can contain. The sandbox knows only the permissions that it checks.
 * @param ofProject lists the custom roles of a project
 */
export function predefinedRoleMethods(ofProject: (parent: string, call: Call) => JsonObject): Readonly<Record<string, Handler>> {
    return {
        "iam.roles.get": (call) => {
            const name = textOf(call, "name");
            ensure(ROLE_NAMES.includes(name), `The role named ${name} was not found.`, "NOT_FOUND");
            return viewOf(name, true);
        },
        "iam.roles.list": (call) => {
            const parent = textOf(call, "parent");
            if (parent !== "") {
                return ofProject(parent, call);
            }
            const isFull = call.parameters.view === "FULL";
            return pageOf(
                "roles",
                ROLE_NAMES.map((name) => viewOf(name, isFull)),
                call.parameters,
                MOST_OF_A_PAGE,
            );
        },
        "iam.permissions.queryTestablePermissions": ({ body }) => {
            ensure(body.fullResourceName !== undefined, "The full_resource_name must be specified.");
            const { pageSize = 0, pageToken = "" } = body;
            const all = knownPermissions().map((name) => ({ name, stage: "GA" }));
            return pageOf("permissions", all, { pageSize, pageToken }, MOST_OF_A_PAGE);
        },
    };
}

/** A role as the API returns it, without the texts of Google's console. */
function viewOf(name: string, isFull: boolean): JsonObject {
    return { name, ...(isFull && { includedPermissions: permissionsOfRole(name) }), stage: "GA", etag: "AA==" };
}

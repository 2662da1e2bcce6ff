import { CUSTOM_ROLE } from "../../access/access";
import { ApiError, ensure } from "../../api/api-error";
import { type ApiService, textOf } from "../../api/service";
import type { Document } from "../../discovery/document";
import { type JsonObject, objectAt, textOrEmpty } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { pageOf } from "../common/pages";
import { Resources } from "../common/resources";
import { applyMask, maskPaths } from "../common/update-mask";

const METHODS = "iam.projects.roles";
/** https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles/list */
const MOST_OF_A_PAGE = 1000;

/** Custom roles of projects. A deleted one is gone at once; Google keeps its name for 37 days. */
export function customRoleMethods(ledger: Ledger, document: Document): ApiService["handlers"] {
    const roles = new Resources(ledger, CUSTOM_ROLE, (name) => new ApiError("NOT_FOUND", `The role named ${name} was not found.`));
    return {
        [`${METHODS}.create`]: (call) => {
            const [parent, id] = [textOf(call, "parent"), textOrEmpty(call.body.roleId)];
            const name = `${parent}/roles/${id}`;
            ensure(/^[a-zA-Z0-9_.]{3,64}$/.test(id), `The role ID "${id}" must have 3 to 64 characters [a-zA-Z0-9_.].`);
            ensure(roles.find(name) === undefined, `A role named ${id} in ${parent} already exists.`, "ALREADY_EXISTS");
            return viewOf(roles.create(name, objectAt(call.body.role)));
        },
        [`${METHODS}.get`]: (call) => viewOf(roles.get(textOf(call, "name"))),
        [`${METHODS}.list`]: (call) =>
            pageOf("roles", roles.list(`${textOf(call, "parent")}/roles`).map(viewOf), call.parameters, MOST_OF_A_PAGE),
        [`${METHODS}.patch`]: ({ parameters, body }) => {
            const entry = roles.get(textOf({ parameters }, "name"));
            const known = document.schemas.Role?.properties ?? {};
            return viewOf(roles.put(entry, { inputs: applyMask(entry.inputs, body, maskPaths(parameters.updateMask), known) }));
        },
        [`${METHODS}.delete`]: (call) => {
            const entry = roles.get(textOf(call, "name"));
            roles.delete(entry.id);
            return { ...viewOf(entry), deleted: true };
        },
    };
}

function viewOf({ id, inputs, uuid }: Entry): JsonObject {
    return { ...inputs, name: id, etag: Buffer.from(uuid.slice(0, 9)).toString("base64") };
}

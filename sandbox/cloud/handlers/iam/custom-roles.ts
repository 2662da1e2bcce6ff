import { CUSTOM_ROLE } from "../../access/access";
import { ApiError, ensure } from "../../api/api-error";
import type { ApiService, Call } from "../../api/service";
import type { Document } from "../../discovery/document";
import { type JsonObject, objectAt } from "../../json";
import type { Entry, Ledger } from "../../ledger";
import { collectionMethods } from "../common/collection";
import { pageOf } from "../common/pages";
import { shortName } from "../../resource-name";
import { Resources } from "../common/resources";
import { predefinedRoleMethods } from "./predefined-roles";

const METHODS = "iam.projects.roles";
/** https://cloud.google.com/iam/docs/reference/rest/v1/projects.roles/list */
const MOST_OF_A_PAGE = 1000;

/** Custom roles of projects, and predefined roles. A deleted one is gone at once; Google keeps its name for 37 days. */
export function customRoleMethods(ledger: Ledger, document: Document): ApiService["handlers"] {
    const roles = new Resources(ledger, CUSTOM_ROLE, (name) => new ApiError("NOT_FOUND", `The role named ${name} was not found.`));
    const methods = collectionMethods({
        ...{ document, prefix: METHODS, resources: roles, schema: "Role", idParameter: "roleId", view: viewOf },
        checkId: (id) => ensure(/^[a-zA-Z0-9_.]{3,64}$/.test(id), `The role ID "${id}" must have 3 to 64 characters [a-zA-Z0-9_.].`),
        exists: (name) =>
            new ApiError("ALREADY_EXISTS", `A role named ${shortName(name)} in ${name.split("/", 2).join("/")} already exists.`),
        create: (name, inputs) => roles.create(name, objectAt(inputs.role)),
        answer: (verb, entry) => ({ ...viewOf(entry), ...(verb === "delete" && { deleted: true }) }),
    });
    const listOf = (parent: string, { parameters }: Call): JsonObject =>
        pageOf("roles", roles.list(`${parent}/roles`).map(viewOf), parameters, MOST_OF_A_PAGE);
    return { ...predefinedRoleMethods(listOf), ...methods };
}

function viewOf({ id, inputs, uuid }: Entry): JsonObject {
    return { ...inputs, name: id, etag: Buffer.from(uuid.slice(0, 9)).toString("base64") };
}

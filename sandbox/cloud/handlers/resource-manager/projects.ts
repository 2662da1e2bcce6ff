import { ensure } from "../../api/api-error";
import { apiService, type ApiService, textOf } from "../../api/service";
import { knownProjects, projectIdOf } from "../../api/projects";
import document from "../../discovery/documents/cloudresourcemanager.v1.json";
import { projectNumber } from "../../generated";
import { type JsonObject, textOrEmpty } from "../../json";
import type { Ledger } from "../../ledger";
import { pageOf } from "../common/pages";
import { policyMethods } from "../common/policies";
import { Resources } from "../common/resources";

/** Ledger type of projects. The ledger only contains projects with an allow policy, but every project exists. */
export const PROJECT = "cloudresourcemanager.googleapis.com/Project";

/** The sandbox never needs a second page. */
const MOST_OF_A_PAGE = 1000;
const METHODS = "cloudresourcemanager.projects";

/** Cloud Resource Manager v1: projects and their allow policies. */
export function projects(ledger: Ledger): ApiService {
    const withPolicy = new Resources(ledger, PROJECT);
    const nameOf = (resource: string): string => `projects/${projectIdOf(ledger, resource)}`;

    return apiService(document, {
        [`${METHODS}.get`]: (call) => viewOf(projectIdOf(ledger, textOf(call, "projectId"))),
        [`${METHODS}.getAncestry`]: (call) => ({
            ancestor: [{ resourceId: { type: "project", id: projectIdOf(ledger, textOf(call, "projectId")) } }],
        }),
        [`${METHODS}.list`]: (call) => {
            const isChosen = projectFilter(textOf(call, "filter"));
            const found = knownProjects(ledger)
                .filter((id) => call.granted("resourcemanager.projects.get", `projects/${id}`))
                .map(viewOf)
                .filter(isChosen);
            return pageOf("projects", found, call.parameters, MOST_OF_A_PAGE);
        },
        ...policyMethods(
            METHODS,
            {
                read: (resource) => withPolicy.find(nameOf(resource))?.policy,
                write: (resource, policy) => {
                    const name = nameOf(resource);
                    if (policy.bindings === undefined && policy.auditConfigs === undefined) {
                        ledger.remove([{ type: PROJECT, id: name }]);
                    } else {
                        withPolicy.put(withPolicy.find(name) ?? withPolicy.create(name, {}), { policy });
                    }
                },
            },
            ledger,
            { untyped: () => 'Policy members must be of the form "<type>:<value>".', invitesOwners: true },
        ),
    });
}

/** A project as the API returns it. Its creation time is unknown. */
function viewOf(projectId: string): JsonObject {
    return { projectId, projectNumber: projectNumber(projectId), name: projectId, lifecycleState: "ACTIVE" };
}

/**
 * Returns the condition of a filter: fields with the values that they must have, such as `lifecycleState:ACTIVE`. A `*` matches any text.
 * https://cloud.google.com/resource-manager/reference/rest/v1/projects/list
 * @throws ApiError for any other filter
 */
function projectFilter(filter: string): (project: JsonObject) => boolean {
    const clauses = filter.split(/\s+(?:AND\s+)?/i).filter((clause) => clause !== "");
    const conditions = clauses.map((clause) => {
        const [, key = "", value = ""] = /^(lifecycleState|name|id|projectId)[:=]"?([^"]+)"?$/i.exec(clause) ?? [];
        ensure(key !== "", `Invalid filter "${clause}": the sandbox compares lifecycleState, name and id.`);
        const field = { lifecyclestate: "lifecycleState", name: "name" }[key.toLowerCase()] ?? "projectId";
        const pattern = new RegExp(`^${value.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*")}$`, "i");
        return (project: JsonObject): boolean => pattern.test(textOrEmpty(project[field]));
    });
    return (project) => conditions.every((holds) => holds(project));
}

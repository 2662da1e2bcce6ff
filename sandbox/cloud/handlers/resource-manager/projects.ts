import { apiService, type ApiService, textOf } from "../../api/service";
import { projectIdOf } from "../../api/projects";
import document from "../../discovery/documents/cloudresourcemanager.v1.json";
import { projectNumber } from "../../generated";
import type { JsonObject } from "../../json";
import type { Ledger } from "../../ledger";
import { policyMethods } from "../common/policies";
import { Resources } from "../common/resources";

/** Ledger type of projects. The ledger only contains projects with an allow policy, but every project exists. */
export const PROJECT = "cloudresourcemanager.googleapis.com/Project";

const METHODS = "cloudresourcemanager.projects";

/** Cloud Resource Manager v1: projects and their allow policies. */
export function projects(ledger: Ledger): ApiService {
    const withPolicy = new Resources(ledger, PROJECT);
    const nameOf = (resource: string): string => `projects/${projectIdOf(ledger, resource)}`;

    return apiService(document, {
        [`${METHODS}.get`]: (call) => viewOf(projectIdOf(ledger, textOf(call, "projectId"))),
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

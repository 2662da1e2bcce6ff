import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

/** Kind of accounts of a project. Service agents are the accounts that Google's services run as. */
export type AccountKind = "ServiceAccount" | "ServiceAgent";

/**
 * All service accounts or all service agents of a project, including future ones. So a production cluster can pull on its first deployment, and the identity that
 * deploys it needs no permissions in other projects. https://cloud.google.com/iam/docs/principal-identifiers
 * @param project its number, or its ID, which is looked up
 * @param parent resource that the lookup belongs to
 */
export function accountsOf(project: string, kind: AccountKind, parent: pulumi.Resource): pulumi.Output<string> {
    const number = /^\d+$/.test(project) ? project : gcp.organizations.getProjectOutput({ projectId: project }, { parent }).number;
    return pulumi.interpolate`principalSet://cloudresourcemanager.googleapis.com/projects/${number}/type/${kind}`;
}

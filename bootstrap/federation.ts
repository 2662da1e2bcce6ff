import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { BootstrapSettings } from "./settings";

/** Claims of a GitHub workflow, as attributes for IAM members. https://docs.github.com/en/actions/reference/security/oidc */
const ATTRIBUTES = {
    "google.subject": "assertion.sub",
    "attribute.repository": "assertion.repository",
    // Only a job with an environment has this claim.
    "attribute.environment": 'has(assertion.environment) ? assertion.repository + "/" + assertion.environment : "none"',
};

/** The workflows of one repository, as principals of the project. */
export interface Federation {
    /** Full name of the provider, for the variables of the workflows. */
    readonly provider: pulumi.Output<string>;
    /** Every workflow of the repository. Pull requests from forks get no token. */
    readonly anyWorkflow: pulumi.Output<string>;
    /** Jobs in the stack's GitHub environment, which defines the reviewers. */
    readonly deployments: pulumi.Output<string>;
}

/** Workload identity federation for the workflows of this repository only. */
export function trustRepository(
    { project, repository, environment }: BootstrapSettings,
    options: pulumi.CustomResourceOptions,
): Federation {
    const pool = new gcp.iam.WorkloadIdentityPool(
        "pool",
        { project, workloadIdentityPoolId: "ml-platform", description: "Workflows of the ML platform's repository" },
        options,
    );
    const provider = new gcp.iam.WorkloadIdentityPoolProvider(
        "github",
        {
            project,
            workloadIdentityPoolId: pool.workloadIdentityPoolId,
            workloadIdentityPoolProviderId: "github",
            attributeMapping: ATTRIBUTES,
            attributeCondition: `assertion.repository == "${repository}"`,
            oidc: { issuerUri: "https://token.actions.githubusercontent.com" },
        },
        options,
    );
    const principals = (attribute: string) => pulumi.interpolate`principalSet://iam.googleapis.com/${pool.name}/attribute.${attribute}`;
    return {
        provider: provider.name,
        anyWorkflow: principals(`repository/${repository}`),
        deployments: principals(`environment/${repository}/${environment}`),
    };
}

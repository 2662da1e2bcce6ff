import { expect } from "chai";
import { report } from "../../../scripts/bootstrap/report";

const DEV = {
    project: "my-dev",
    region: "us-central1",
    repository: "my-organization/ml-platform",
    environment: "dev",
    home: "my-dev",
    pulumiProject: "ml-platform",
};

describe("report", () => {
    it("lists the remaining commands for dev, and then the manual steps", () => {
        const prepared = {
            secretsProvider: "gcpkms://key",
            repositoryVariables: { PULUMI_BACKEND_URL: "gs://my-dev-pulumi-state" },
            environmentVariables: { DEPLOY_PROJECT: "my-dev" },
        };
        expect(report(DEV, prepared, "Request quota.")).to.equal(`
Project my-dev is ready for stack dev.

Create the stack:
  pulumi login gs://my-dev-pulumi-state
  pulumi stack init dev --secrets-provider gcpkms://key
  pulumi config set --stack dev gcp:project my-dev
  pulumi config set --stack dev gcp:region us-central1

Set the variables of the GitHub workflows:
  gh variable set PULUMI_BACKEND_URL --repo my-organization/ml-platform --body gs://my-dev-pulumi-state
  gh api --method PUT repos/my-organization/ml-platform/environments/dev --silent
  gh variable set DEPLOY_PROJECT --repo my-organization/ml-platform --env dev --body my-dev

Manual steps:
  - Request quota.
  - Connect the repository for builds, or let pulumi up build the images: docs/google-cloud.md, section 4.
  - If workloads read secrets of Secret Manager, let the deployments grant access to them: docs/google-cloud.md, section 5.
`);
    });

    it("lists the steps that let prod pull the images of dev, and that require reviewers", () => {
        const prod = { ...DEV, project: "my-prod", environment: "prod" };
        const prepared = { secretsProvider: "gcpkms://key", repositoryVariables: {}, environmentVariables: { DEPLOY_PROJECT: "my-prod" } };
        const text = report(prod, prepared, undefined);
        expect(text).to.contain("  pulumi login gs://my-dev-pulumi-state\n");
        expect(text).to.match(/Manual steps:\n {2}- List my-prod under ml-platform:registry\.consumers in Pulumi\.dev\.yaml/);
        expect(text).to.contain(
            "- If nodes should run only what the trigger of dev built: pulumi config set --stack prod --path ml-platform:cluster.binaryAuthorization.buildProject my-dev\n",
        );
        expect(text).to.contain(
            "- Require reviewers for environment prod: https://github.com/my-organization/ml-platform/settings/environments\n",
        );
    });
});

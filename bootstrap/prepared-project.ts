import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { APIS } from "../gke/apis";
import { trustRepository } from "./federation";
import { createDeployIdentity, createPreviewIdentity, allowProjectLookup } from "./identities";
import { accountEmail, ACCOUNTS, backendUrl, type BootstrapSettings, isHome } from "./settings";
import { createSecretsKey, createStateBucket } from "./state";

/** A project that is prepared for a stack: APIs, the bucket for Pulumi's state, the key for its secrets, and identities for previews and deployments. */
export class PreparedProject extends pulumi.ComponentResource {
    /** `--secrets-provider` of the stack. */
    readonly secretsProvider: pulumi.Output<string>;
    /** Variables of the GitHub repository; empty unless the project keeps the state. */
    readonly repositoryVariables: Readonly<Record<string, pulumi.Input<string>>>;
    /** Variables of the GitHub environment. */
    readonly environmentVariables: Readonly<Record<string, pulumi.Input<string>>>;

    constructor(name: string, settings: BootstrapSettings, opts?: pulumi.ComponentResourceOptions) {
        super("ml-platform:bootstrap:PreparedProject", name, {}, opts);
        const { project, region, home } = settings;
        const withApis = { parent: this, dependsOn: this.enableApis(project) };
        const key = createSecretsKey(settings, withApis);
        const { provider, anyWorkflow, deployments } = trustRepository(settings, withApis);
        const withState = isHome(settings) ? { parent: this, dependsOn: createStateBucket(settings, withApis) } : withApis;
        createDeployIdentity(settings, deployments, { key, options: withState });
        createPreviewIdentity(settings, anyWorkflow, { key, options: withState });
        if (!isHome(settings)) {
            allowProjectLookup(settings, withApis);
        }

        this.secretsProvider = pulumi.interpolate`gcpkms://${key.id}`;
        this.repositoryVariables = isHome(settings)
            ? {
                  PULUMI_BACKEND_URL: backendUrl(home),
                  REGISTRY_HOST: `${region}-docker.pkg.dev`,
                  PREVIEW_PROJECT: project,
                  PREVIEW_IDENTITY_PROVIDER: provider,
                  PREVIEW_SERVICE_ACCOUNT: accountEmail(ACCOUNTS.preview, project),
              }
            : {};
        this.environmentVariables = {
            DEPLOY_PROJECT: project,
            DEPLOY_IDENTITY_PROVIDER: provider,
            DEPLOY_SERVICE_ACCOUNT: accountEmail(ACCOUNTS.deploy, project),
        };
        this.registerOutputs({ secretsProvider: this.secretsProvider });
    }

    /** Enables the APIs. They stay enabled when the component is deleted, because other things may use them. */
    private enableApis(project: string): pulumi.Resource[] {
        const enable = (service: string, dependsOn: pulumi.Resource[]) =>
            new gcp.projects.Service(
                service.replace(".googleapis.com", ""),
                { project, service, disableOnDestroy: false },
                { parent: this, dependsOn },
            );
        const first = FIRST.map((service) => enable(service, []));
        const others = Object.keys(APIS).filter((service) => !FIRST.includes(service));
        return [...first, ...others.map((service) => enable(service, first))];
    }
}

/** APIs that are required to enable others. */
const FIRST = ["serviceusage.googleapis.com", "cloudresourcemanager.googleapis.com"];

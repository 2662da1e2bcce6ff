import * as gcp from "@pulumi/gcp";
import type * as pulumi from "@pulumi/pulumi";
import { deployGrants, type Grant, ownState, PREVIEW_GRANTS } from "./roles";
import { accountEmail, ACCOUNTS, type BootstrapSettings, isHome, stateBucket } from "./settings";

/** Resources that the identities of a project can access. */
export interface Access {
    /** The key that encrypts the stack's secrets. */
    readonly key: gcp.kms.CryptoKey;
    /** Options of all resources here. They depend on the APIs and, in the project that keeps the state, on the bucket. */
    readonly options: pulumi.CustomResourceOptions;
}

/** The account that deploys the stack: writes the stack's state, and creates its resources. */
export function createDeployIdentity(settings: BootstrapSettings, workflows: pulumi.Input<string>, { key, options }: Access): void {
    const { member } = createAccount("deploy", `Deploys stack ${settings.environment}`, settings, workflows, options);
    const grant = new Grants("deploy", member, settings, options);
    grant.inProject(deployGrants(settings));
    grant.onState("state-viewer", "roles/storage.objectViewer");
    grant.onState("state-admin", "roles/storage.objectAdmin", { title: "own-state", expression: ownState(settings) });
    grant.onKey(key, "roles/cloudkms.cryptoKeyEncrypterDecrypter");
}

/**
 * The account of previews and drift checks, shared by all stacks. It is in the project that keeps the state, and every other project grants it read access.
 */
export function createPreviewIdentity(settings: BootstrapSettings, workflows: pulumi.Input<string>, { key, options }: Access): void {
    const member = isHome(settings)
        ? createAccount("preview", "Previews pull requests and detects drift", settings, workflows, options).member
        : `serviceAccount:${accountEmail(ACCOUNTS.preview, settings.home)}`;
    const grant = new Grants("preview", member, settings, options);
    grant.inProject(PREVIEW_GRANTS);
    grant.onKey(key, "roles/cloudkms.cryptoKeyDecrypter");
    if (isHome(settings)) {
        grant.onState("state-viewer", "roles/storage.objectViewer");
    }
}

/** Lets the account that deploys the first stack look up the number of this project, so that the stack can share its images with it. */
export function allowProjectLookup({ project, home }: BootstrapSettings, options: pulumi.CustomResourceOptions): void {
    const member = `serviceAccount:${accountEmail(ACCOUNTS.deploy, home)}`;
    new gcp.projects.IAMMember("home-browser", { project, role: "roles/browser", member }, options);
}

/** A service account that workflows impersonate. */
function createAccount(
    name: keyof typeof ACCOUNTS,
    displayName: string,
    { project }: BootstrapSettings,
    workflows: pulumi.Input<string>,
    options: pulumi.CustomResourceOptions,
): gcp.serviceaccount.Account {
    const account = new gcp.serviceaccount.Account(name, { project, accountId: ACCOUNTS[name], displayName }, options);
    new gcp.serviceaccount.IAMMember(
        `${name}-workflows`,
        { serviceAccountId: account.name, role: "roles/iam.workloadIdentityUser", member: workflows },
        options,
    );
    return account;
}

/** Grants roles to one identity. */
class Grants {
    constructor(
        private readonly name: string,
        private readonly member: pulumi.Input<string>,
        private readonly settings: BootstrapSettings,
        private readonly options: pulumi.CustomResourceOptions,
    ) {}

    inProject(grants: readonly Grant[]): void {
        const { project } = this.settings;
        for (const { role, condition } of grants) {
            const name = `${this.name}-${role.replace("roles/", "")}`;
            new gcp.projects.IAMMember(name, { project, role, member: this.member, condition }, this.options);
        }
    }

    onState(suffix: string, role: string, condition?: Grant["condition"]): void {
        const bucket = stateBucket(this.settings.home);
        new gcp.storage.BucketIAMMember(`${this.name}-${suffix}`, { bucket, role, member: this.member, condition }, this.options);
    }

    onKey(key: gcp.kms.CryptoKey, role: string): void {
        new gcp.kms.CryptoKeyIAMMember(`${this.name}-key`, { cryptoKeyId: key.id, role, member: this.member }, this.options);
    }
}

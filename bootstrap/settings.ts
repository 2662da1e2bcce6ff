/** Settings of a project to prepare. */
export interface BootstrapSettings {
    /** ID of the project to prepare. */
    readonly project: string;
    /** Region of the key and of the state bucket. */
    readonly region: string;
    /** The GitHub repository with the stack files, as GitHub spells it: `owner/name`. */
    readonly repository: string;
    /** The stack that is deployed to the project, which is also the name of its GitHub environment. */
    readonly environment: string;
    /** ID of the project that keeps the state of all stacks and the identity of previews. The first prepared project uses itself. */
    readonly home: string;
    /** `name` of `Pulumi.yaml`: a part of the address of each stack's state. */
    readonly pulumiProject: string;
}

/** IDs of the service accounts that workflows impersonate. */
export const ACCOUNTS = { preview: "pull-request-preview", deploy: "deploy" } as const;

/** Email of a service account. An ID `example.com:name` of a project becomes `name.example.com`. https://cloud.google.com/iam/docs/service-account-overview */
export function accountEmail(account: string, project: string): string {
    const [domain = "", name] = project.split(":");
    return `${account}@${name === undefined ? domain : `${name}.${domain}`}.iam.gserviceaccount.com`;
}

/** Name of the bucket with the state of all stacks. Bucket names are global, so it contains the project's ID, without characters of a domain that a bucket name cannot have. */
export const stateBucket = (home: string): string => `${home.replace(/[^a-z0-9-]/g, "-")}-pulumi-state`;

/** Backend address of the bucket. */
export const backendUrl = (home: string): string => `gs://${stateBucket(home)}`;

/** Whether the project keeps the state of all stacks and the identity of previews. */
export const isHome = ({ project, home }: BootstrapSettings): boolean => project === home;

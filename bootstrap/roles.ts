import { type BootstrapSettings, stateBucket } from "./settings";

/** A role in a project, and its purpose. */
export interface Grant {
    readonly role: string;
    /** What the role allows, as in the documentation. */
    readonly allows: string;
    /** CEL expression that limits the role. https://cloud.google.com/iam/docs/conditions-overview */
    readonly condition?: { readonly title: string; readonly expression: string };
}

/** Roles that a stack grants in its project to its nodes, to its builds, and to the projects that run its images. */
export const GRANTED_ROLES = [
    "roles/binaryauthorization.attestorsVerifier",
    "roles/container.defaultNodeServiceAccount",
    "roles/logging.logWriter",
    "roles/serviceusage.serviceUsageConsumer",
    "roles/storage.objectViewer",
];

/** Roles that the identity that deploys a stack needs in the stack's project. */
export function deployGrants({ home }: Pick<BootstrapSettings, "home">): readonly Grant[] {
    return [
        { role: "roles/artifactregistry.admin", allows: "repositories, their IAM policies, image pushes" },
        { role: "roles/binaryauthorization.attestorsViewer", allows: "the attestor that the project's policy requires" },
        { role: "roles/binaryauthorization.policyEditor", allows: "the policy that admits attested images only" },
        // The editor role cannot delete certificates.
        { role: "roles/certificatemanager.owner", allows: "certificates of public services" },
        { role: "roles/cloudbuild.builds.editor", allows: "build triggers, builds" },
        { role: "roles/cloudbuild.connectionAdmin", allows: "the connection to the GitHub repository" },
        { role: "roles/compute.networkAdmin", allows: "networks, subnets, Cloud NAT, addresses" },
        { role: "roles/container.admin", allows: "the cluster, node pools, everything in the cluster" },
        { role: "roles/iam.serviceAccountAdmin", allows: "service accounts of nodes, builds and workloads, and their IAM policies" },
        { role: "roles/iam.serviceAccountUser", allows: "nodes and builds that run as their service accounts" },
        {
            role: "roles/resourcemanager.projectIamAdmin",
            allows: "roles of nodes and builds in the project, and no others",
            condition: {
                title: "roles-of-nodes-and-builds",
                expression: `api.getAttribute('iam.googleapis.com/modifiedGrantsByRole', []).hasOnly([${GRANTED_ROLES.map((role) => `'${role}'`).join(", ")}])`,
            },
        },
        {
            role: "roles/storage.admin",
            allows: "buckets and their IAM policies, except the state bucket",
            condition: {
                title: "not-the-state",
                expression: `!resource.name.startsWith("projects/_/buckets/${stateBucket(home)}")`,
            },
        },
    ];
}

/** Read-only roles that the identity of previews and drift checks needs in the project of each stack. */
export const PREVIEW_GRANTS: readonly Grant[] = [
    { role: "roles/viewer", allows: "a refresh of most resources and of objects in the cluster, digests of a release" },
    { role: "roles/iam.securityReviewer", allows: "a refresh of IAM policies, such as a bucket's" },
    { role: "roles/storage.bucketViewer", allows: "a refresh of buckets" },
];

/**
 * Limits writes in the state bucket to one stack's objects, so that the identity of one stack cannot change the state of another.
 * The paths are those of Pulumi's backend for object stores: state, history, backups, and locks.
 */
export function ownState({ home, pulumiProject, environment }: Pick<BootstrapSettings, "home" | "pulumiProject" | "environment">): string {
    const objects = `projects/_/buckets/${stateBucket(home)}/objects/.pulumi`;
    const stack = `${pulumiProject}/${environment}`;
    return [`stacks/${stack}.`, `history/${stack}/`, `backups/${stack}/`, `locks/organization/${stack}/`]
        .map((folder) => `resource.name.startsWith("${objects}/${folder}")`)
        .join(" || ");
}

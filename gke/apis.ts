/** The APIs that a stack calls, with their purpose, by the service name that a project enables. */
export const APIS: Readonly<Record<string, string>> = {
    "artifactregistry.googleapis.com": "image repositories",
    "certificatemanager.googleapis.com": "certificates of public services",
    "cloudbuild.googleapis.com": "the build trigger",
    "cloudkms.googleapis.com": "the key of the stack's secrets",
    "cloudresourcemanager.googleapis.com": "IAM policies of the project",
    "compute.googleapis.com": "networks, addresses and quotas",
    "container.googleapis.com": "GKE",
    "containeranalysis.googleapis.com": "results of vulnerability scans",
    "containerfilesystem.googleapis.com": "image streaming",
    "containerscanning.googleapis.com": "vulnerability scans",
    "iam.googleapis.com": "service accounts and Workload Identity",
    "iamcredentials.googleapis.com": "tokens of the service accounts that workflows impersonate",
    "secretmanager.googleapis.com": "secrets of workloads",
    "serviceusage.googleapis.com": "enabling APIs",
    "storage.googleapis.com": "state, checkpoints, models and data in buckets",
    "sts.googleapis.com": "tokens of workflows and of pods",
};

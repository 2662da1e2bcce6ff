import type { DaemonStatus } from "../daemon/client";
import type { Home } from "../home";
import { accessToken } from "./access-token";

/** Names that clients use for an API that the sandbox serves. */
interface ClientApi {
    readonly host: string;
    /** Environment variable of the official provider and of Terraform, and the version path that it must contain. */
    readonly provider: readonly [variable: string, version: string];
    /** Name of the API in gcloud. */
    readonly gcloud: string;
    /** Version path of the address in gcloud. Default: none. */
    readonly gcloudPath?: string;
}

/** Sources: the provider's list of custom endpoints, and the section `api_endpoint_overrides` of `gcloud topic configurations`. */
const APIS: readonly ClientApi[] = [
    { host: "artifactregistry.googleapis.com", provider: ["GOOGLE_ARTIFACT_REGISTRY_CUSTOM_ENDPOINT", "v1/"], gcloud: "ARTIFACTREGISTRY" },
    {
        host: "binaryauthorization.googleapis.com",
        provider: ["GOOGLE_BINARY_AUTHORIZATION_CUSTOM_ENDPOINT", "v1/"],
        gcloud: "BINARYAUTHORIZATION",
    },
    {
        host: "certificatemanager.googleapis.com",
        provider: ["GOOGLE_CERTIFICATE_MANAGER_CUSTOM_ENDPOINT", "v1/"],
        gcloud: "CERTIFICATEMANAGER",
    },
    { host: "cloudbuild.googleapis.com", provider: ["GOOGLE_CLOUD_BUILD_CUSTOM_ENDPOINT", "v1/"], gcloud: "CLOUDBUILD" },
    { host: "cloudbuild.googleapis.com", provider: ["GOOGLE_CLOUDBUILDV2_CUSTOM_ENDPOINT", "v2/"], gcloud: "CLOUDBUILD" },
    { host: "cloudkms.googleapis.com", provider: ["GOOGLE_KMS_CUSTOM_ENDPOINT", "v1/"], gcloud: "CLOUDKMS" },
    {
        host: "cloudresourcemanager.googleapis.com",
        provider: ["GOOGLE_RESOURCE_MANAGER_CUSTOM_ENDPOINT", "v1/"],
        gcloud: "CLOUDRESOURCEMANAGER",
    },
    {
        host: "compute.googleapis.com",
        ...{ provider: ["GOOGLE_COMPUTE_CUSTOM_ENDPOINT", "compute/beta/"], gcloud: "COMPUTE", gcloudPath: "compute/v1/" },
    },
    { host: "container.googleapis.com", provider: ["GOOGLE_CONTAINER_CUSTOM_ENDPOINT", "v1beta1/"], gcloud: "CONTAINER" },
    {
        host: "containeranalysis.googleapis.com",
        provider: ["GOOGLE_CONTAINER_ANALYSIS_CUSTOM_ENDPOINT", "v1/"],
        gcloud: "CONTAINERANALYSIS",
    },
    { host: "dns.googleapis.com", provider: ["GOOGLE_DNS_CUSTOM_ENDPOINT", "dns/v1beta2/"], gcloud: "DNS" },
    { host: "iam.googleapis.com", provider: ["GOOGLE_IAM_BETA_CUSTOM_ENDPOINT", "v1/"], gcloud: "IAM" },
    { host: "iamcredentials.googleapis.com", provider: ["GOOGLE_IAM_CREDENTIALS_CUSTOM_ENDPOINT", "v1/"], gcloud: "IAMCREDENTIALS" },
    { host: "secretmanager.googleapis.com", provider: ["GOOGLE_SECRET_MANAGER_CUSTOM_ENDPOINT", "v1/"], gcloud: "SECRETMANAGER" },
    { host: "serviceusage.googleapis.com", provider: ["GOOGLE_SERVICE_USAGE_CUSTOM_ENDPOINT", "v1beta1/"], gcloud: "SERVICEUSAGE" },
    { host: "sts.googleapis.com", provider: ["GOOGLE_STS_CUSTOM_ENDPOINT", "v1/"], gcloud: "STS" },
    { host: "storage.googleapis.com", provider: ["GOOGLE_STORAGE_CUSTOM_ENDPOINT", "storage/v1/"], gcloud: "STORAGE" },
];

/** Hosts of the APIs that the variables redirect to the sandbox. */
export const REDIRECTED_HOSTS: readonly string[] = [...new Set(APIS.map(({ host }) => host))];

/**
 * Returns environment variables that redirect clients of Google's APIs to the sandbox: the official Pulumi provider, Terraform, gcloud, and
 * other programs that read them.
 * @param token default: the token of the sandbox's owner
 */
export function clientEnvironment(
    home: Home,
    { api }: Pick<DaemonStatus, "api">,
    token = accessToken(home),
): Readonly<Record<string, string>> {
    const endpoints = APIS.flatMap(({ host, provider: [variable, version], gcloud, gcloudPath = "" }) => [
        [variable, `http://${api}/${host}/${version}`],
        [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${gcloud}`, `http://${api}/${host}/${gcloudPath}`],
    ]);
    return {
        GOOGLE_OAUTH_ACCESS_TOKEN: token,
        CLOUDSDK_AUTH_ACCESS_TOKEN: token,
        // Otherwise, the provider asks Google for the list of regions.
        PULUMI_GCP_SKIP_REGION_VALIDATION: "true",
        ...(Object.fromEntries(endpoints) as Record<string, string>),
    };
}

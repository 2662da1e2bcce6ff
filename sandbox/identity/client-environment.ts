import type { DaemonStatus } from "../daemon/client";
import type { Home } from "../home";
import { accessToken } from "./access-token";

/** Names that clients use for an API that the sandbox serves. Its name in gcloud is the first part of the host. */
interface ClientApi {
    readonly host: string;
    /** Environment variable of the official provider and of Terraform, without GOOGLE_ and _CUSTOM_ENDPOINT. */
    readonly provider: string;
    /** Version path of the address in that variable. */
    readonly path: string;
    /** Version path of the address in gcloud, for APIs with a version in the base URL of Google's discovery document. Default: none. */
    readonly gcloudPath?: string;
}

/** Sources: the provider's list of custom endpoints, and the section `api_endpoint_overrides` of `gcloud topic configurations`. */
const APIS: readonly ClientApi[] = [
    { host: "artifactregistry.googleapis.com", provider: "ARTIFACT_REGISTRY", path: "v1/" },
    { host: "binaryauthorization.googleapis.com", provider: "BINARY_AUTHORIZATION", path: "v1/" },
    { host: "certificatemanager.googleapis.com", provider: "CERTIFICATE_MANAGER", path: "v1/" },
    { host: "cloudbuild.googleapis.com", provider: "CLOUD_BUILD", path: "v1/" },
    { host: "cloudbuild.googleapis.com", provider: "CLOUDBUILDV2", path: "v2/" },
    { host: "cloudkms.googleapis.com", provider: "KMS", path: "v1/" },
    { host: "cloudresourcemanager.googleapis.com", provider: "RESOURCE_MANAGER", path: "v1/" },
    { host: "compute.googleapis.com", provider: "COMPUTE", path: "compute/beta/", gcloudPath: "compute/v1/" },
    { host: "container.googleapis.com", provider: "CONTAINER", path: "v1beta1/" },
    { host: "containeranalysis.googleapis.com", provider: "CONTAINER_ANALYSIS", path: "v1/" },
    { host: "dns.googleapis.com", provider: "DNS", path: "dns/v1beta2/", gcloudPath: "dns/v1/" },
    { host: "iam.googleapis.com", provider: "IAM_BETA", path: "v1/" },
    { host: "iamcredentials.googleapis.com", provider: "IAM_CREDENTIALS", path: "v1/" },
    { host: "secretmanager.googleapis.com", provider: "SECRET_MANAGER", path: "v1/" },
    { host: "serviceusage.googleapis.com", provider: "SERVICE_USAGE", path: "v1beta1/" },
    { host: "sts.googleapis.com", provider: "STS", path: "v1/" },
    { host: "storage.googleapis.com", provider: "STORAGE", path: "storage/v1/", gcloudPath: "storage/v1/" },
];

/**
 * Returns environment variables that redirect clients of Google's APIs to the sandbox: the official Pulumi provider, Terraform, gcloud, and
 * other programs that read them. `project` is the default project of gcloud; undefined for the one of the user's configuration.
 * @param token default: the token of the sandbox's owner
 */
export function clientEnvironment(
    home: Home,
    { api, project }: Pick<DaemonStatus, "api"> & { readonly project?: string | undefined },
    token = accessToken(home),
): Readonly<Record<string, string>> {
    const endpoints = APIS.flatMap(({ host, provider, path, gcloudPath = "" }) => [
        [`GOOGLE_${provider}_CUSTOM_ENDPOINT`, `http://${api}/${host}/${path}`],
        [`CLOUDSDK_API_ENDPOINT_OVERRIDES_${(host.split(".")[0] ?? "").toUpperCase()}`, `http://${api}/${host}/${gcloudPath}`],
    ]);
    return {
        GOOGLE_OAUTH_ACCESS_TOKEN: token,
        CLOUDSDK_AUTH_ACCESS_TOKEN: token,
        ...(project !== undefined && { CLOUDSDK_CORE_PROJECT: project }),
        // Otherwise, the provider asks Google for the list of regions.
        PULUMI_GCP_SKIP_REGION_VALIDATION: "true",
        ...(Object.fromEntries(endpoints) as Record<string, string>),
    };
}

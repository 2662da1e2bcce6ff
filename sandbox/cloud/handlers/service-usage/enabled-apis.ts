import { ApiError } from "../../api/api-error";
import type { Document } from "../../discovery/document";
import { projectNumber } from "../../generated";
import { textOrEmpty } from "../../json";
import type { Ledger } from "../../ledger";

const hosts = (names: string): readonly string[] => names.split(" ").map((name) => `${name}.googleapis.com`);

/** APIs of a new project. https://cloud.google.com/service-usage/docs/enabled-service#default */
export const DEFAULT_APIS = hosts(
    "analyticshub bigquery bigqueryconnection bigquerydatapolicy bigquerydatatransfer bigquerymigration bigqueryreservation " +
        "bigquerystorage cloudapis cloudtrace dataform dataplex datastore logging monitoring servicemanagement serviceusage " +
        "sql-component storage storage-api storage-component",
);

/**
 * APIs that Google enables with an API, because it depends on them.
 * https://github.com/kubernetes/k8s.io/blob/main/infra/gcp/bash/ensure-main-project.sh
 */
const NEEDED: Readonly<Record<string, readonly string[]>> = {
    "compute.googleapis.com": hosts("oslogin"),
    "container.googleapis.com": hosts("compute containerregistry iam iamcredentials oslogin pubsub"),
    "containerregistry.googleapis.com": hosts("pubsub"),
    "iam.googleapis.com": hosts("iamcredentials"),
};

/** Returns the enabled APIs of a project. */
export function apisOf(ledger: Pick<Ledger, "apis">, project: string): readonly string[] {
    return ledger.apis[project] ?? DEFAULT_APIS;
}

/** Returns the APIs and those that they depend on, sorted. */
export function withNeeded(apis: readonly string[]): readonly string[] {
    return [...new Set(apis.flatMap((api) => [api, ...withNeeded(NEEDED[api] ?? [])]))].sort();
}

/** Enables APIs in a project, and those that they depend on. */
export function enableApis(ledger: Ledger, project: string, apis: readonly string[]): void {
    ledger.setApis(project, withNeeded([...apisOf(ledger, project), ...apis]));
}

/**
 * Refuses a call of an API that is not enabled in the project of the resource.
 * @param name name of the resource. Without a project in it, the call is not checked
 * @throws ApiError 403. https://cloud.google.com/service-usage/docs/enabled-service
 */
export function checkEnabled(ledger: Ledger, { host, title }: Pick<Document, "host" | "title">, name: string): void {
    const project = projectOf(ledger, name);
    if (project === undefined || project === "-" || apisOf(ledger, project).includes(host)) {
        return;
    }
    const number = projectNumber(project);
    const activationUrl = `https://console.developers.google.com/apis/api/${host}/overview?project=${number}`;
    const message = `${title} has not been used in project ${number} before or it is disabled. Enable it by visiting ${activationUrl} then retry. If you enabled this API recently, wait a few minutes for the action to propagate to our systems and retry.`;
    const metadata = { service: host, serviceTitle: title, consumer: `projects/${number}`, containerInfo: number, activationUrl };
    throw new ApiError("PERMISSION_DENIED", message, [
        { "@type": "type.googleapis.com/google.rpc.ErrorInfo", reason: "SERVICE_DISABLED", domain: "googleapis.com", metadata },
        { "@type": "type.googleapis.com/google.rpc.LocalizedMessage", locale: "en-US", message },
        {
            "@type": "type.googleapis.com/google.rpc.Help",
            links: [{ description: "Google developers console API activation", url: activationUrl }],
        },
    ]);
}

/** The name of a bucket does not contain its project. */
function projectOf(ledger: Ledger, name: string): string | undefined {
    const [, project, bucket = ""] = /^projects\/([^/]+)(?:\/buckets\/([^/]+))?/.exec(name) ?? [];
    return project === "_" ? textOrEmpty(ledger.get("storage.googleapis.com/Bucket", bucket)?.provisioned.project) || undefined : project;
}

import { shortName } from "../resource-name";
import type { RequestAttributes } from "./conditions";

type Denial = (permission: string, name: string) => string;

/** How services word that a permission is missing, where they differ from most. `docs/reference/refusals.md` has the sources. */
const WORDS: Readonly<Record<string, Denial>> = {
    "cloudkms.googleapis.com": (permission, name) => `Permission '${permission}' denied on resource '${name}' (or it may not exist).`,
    "cloudresourcemanager.googleapis.com": () => "The caller does not have permission",
    "compute.googleapis.com": (permission, name) => `Required '${permission}' permission for '${name}'`,
    "container.googleapis.com": (permission, name) => `Required "${permission}" permission(s) for "${name}".`,
    "iam.googleapis.com": ofResource,
    "iamcredentials.googleapis.com": ofResource,
    "secretmanager.googleapis.com": (permission, name) => `Permission '${permission}' denied for resource '${name}' (or it may not exist).`,
    "serviceusage.googleapis.com": (permission, name) =>
        name.includes("/services/")
            ? `Permission denied to ${shortName(permission.replaceAll(".", "/"))} service [${shortName(name)}]`
            : `Permission denied to list services for consumer container [${name}]`,
};

function ofResource(permission: string): string {
    return `Permission '${permission}' denied on resource (or it may not exist).`;
}

/** Words the refusal of a call without a permission as the service does. */
export function denialOf(permission: string, { service, name }: RequestAttributes): string {
    const words = WORDS[service];
    return words?.(permission, name) ?? `Permission '${permission}' denied on resource '//${service}/${name}' (or it may not exist).`;
}

/** Words the refusal to run something as a service account. */
export function accountDenialOf(account: string, service: string): string {
    return service === "cloudbuild.googleapis.com"
        ? `caller does not have permission to act as service account ${account}`
        : `The user does not have access to service account "${account}". Ask a project owner to grant you the iam.serviceAccountUser role on the service account.`;
}

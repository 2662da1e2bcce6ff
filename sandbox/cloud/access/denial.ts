import type { RequestAttributes } from "./conditions";

type Denial = (permission: string, name: string) => string;

/** How services word that a permission is missing, where they differ from most. `docs/refusals.md` has the sources. */
const WORDS: Readonly<Record<string, Denial>> = {
    "cloudresourcemanager.googleapis.com": () => "The caller does not have permission",
    "compute.googleapis.com": (permission, name) => `Required '${permission}' permission for '${name}'`,
    "container.googleapis.com": (permission, name) => `Required "${permission}" permission(s) for "${name}".`,
    "iam.googleapis.com": ofResource,
    "iamcredentials.googleapis.com": ofResource,
};

function ofResource(permission: string): string {
    return `Permission '${permission}' denied on resource (or it may not exist).`;
}

/** Words the refusal of a call without a permission as the service does. */
export function denialOf(permission: string, { service, name }: RequestAttributes): string {
    const words = WORDS[service];
    return words?.(permission, name) ?? `Permission '${permission}' denied on resource '//${service}/${name}' (or it may not exist).`;
}

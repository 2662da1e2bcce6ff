/** The parts of a Pulumi type token such as `kubernetes:apps/v1:Deployment`. */
export interface KindReference {
    /** `v1` for the core group, else `group/version`. */
    readonly apiVersion: string;
    readonly group: string;
    readonly version: string;
    readonly kind: string;
}

const UNSUPPORTED: Readonly<Record<string, string>> = {
    "kubernetes:helm.sh/v3:Release": "Helm releases",
    "kubernetes:helm.sh/v4:Chart": "Helm charts",
};

/** Parses a type token. @throws Error if it is not the type of a Kubernetes object */
export function parseTypeToken(token: string): KindReference {
    const feature = UNSUPPORTED[token];
    if (feature !== undefined) {
        throw new Error(`${feature} need the official Kubernetes provider; the sandbox's own one handles Kubernetes objects only`);
    }
    const [packageName, module, kind] = token.split(":");
    if (packageName !== "kubernetes" || module === undefined || kind === undefined || !/\/v\d|^v\d/.test(module)) {
        throw new Error(`${token} is not the type of a Kubernetes object`);
    }
    const { group, version } = parseApiVersion(module);
    const coreGroup = group === "core" ? "" : group;
    return { group: coreGroup, version, kind, apiVersion: coreGroup === "" ? version : `${coreGroup}/${version}` };
}

/** Splits `apps/v1` or `v1`. */
export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
    const slash = apiVersion.indexOf("/");
    return slash < 0 ? { group: "", version: apiVersion } : { group: apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1) };
}

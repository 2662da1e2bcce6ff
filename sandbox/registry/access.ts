/** Actions that a registry token allows on one resource. https://distribution.github.io/distribution/spec/auth/jwt/ */
export interface Access {
    readonly type: string;
    readonly name: string;
    readonly actions: readonly string[];
}

/** The caller that requests a token. */
export type Caller = "anonymous" | "authenticated";

/**
 * Parses a scope such as `repository:library/python:pull,push`. https://distribution.github.io/distribution/spec/auth/scope/
 * @returns undefined if the scope is invalid
 */
export function parseScope(scope: string): Access | undefined {
    const [, type, name, actions] = /^([a-z]+)(?:\([a-z]+\))?:([^\s:]+):([a-z*,]*)$/.exec(scope) ?? [];
    if (type === undefined || name === undefined || actions === undefined) {
        return undefined;
    }
    return { type, name, actions: actions.split(",").filter((action) => action !== "") };
}

/**
 * Returns why a caller is denied access, in Artifact Registry's wording; undefined if access is granted. The sandbox's access token grants
 * everything: IAM roles are not evaluated.
 */
export function whyDenied(caller: Caller, { type, name, actions }: Access): string | undefined {
    if (caller === "authenticated") {
        return undefined;
    }
    const denied = actions.find((action) => action !== "pull" || type !== "repository" || !isPublic(name));
    return denied === undefined
        ? undefined
        : `Unauthenticated request. Unauthenticated requests do not have permission "${permission(denied)}" on resource "${resource(name)}" (or it may not exist)`;
}

/** Docker Hub's official images are public, and so are their local substitutes. */
const isPublic = (name: string): boolean => name.startsWith("library/");

/** https://cloud.google.com/artifact-registry/docs/access-control#permissions */
function permission(action: string): string {
    const artifacts = { push: "uploadArtifacts", delete: "deleteArtifacts" }[action] ?? "downloadArtifacts";
    return `artifactregistry.repositories.${artifacts}`;
}

function resource(name: string): string {
    const address = /^([a-z0-9-]+)-docker\.pkg\.dev\/((?:[^/]+\.[^/]+\/)?[^/]+)\/([^/]+)(?:\/|$)/;
    const [, location, project, repository] = address.exec(name) ?? [];
    if (location === undefined || project === undefined || repository === undefined) {
        return name;
    }
    // In addresses, a domain-scoped project such as `example.com:project` has a slash instead of the colon.
    return `projects/${project.replace("/", ":")}/locations/${location}/repositories/${repository}`;
}

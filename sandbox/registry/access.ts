import type { Access } from "../cloud/access/access";
import { ANYBODY, type Identity } from "../cloud/access/identities";

/** Actions that a registry token allows on one resource. https://distribution.github.io/distribution/spec/auth/jwt/ */
export interface RegistryAccess {
    readonly type: string;
    readonly name: string;
    readonly actions: readonly string[];
}

/**
 * Parses a scope such as `repository:library/python:pull,push`. https://distribution.github.io/distribution/spec/auth/scope/
 * @returns undefined if the scope is invalid
 */
export function parseScope(scope: string): RegistryAccess | undefined {
    const [, type, name, actions] = /^([a-z]+)(?:\([a-z]+\))?:([^\s:]+):([a-z*,]*)$/.exec(scope) ?? [];
    if (type === undefined || name === undefined || actions === undefined) {
        return undefined;
    }
    return { type, name, actions: actions.split(",").filter((action) => action !== "") };
}

/**
 * Returns why a caller is denied access, in Artifact Registry's wording; undefined if access is granted. Only the sandbox's owner can use names
 * outside of Artifact Registry's repositories. https://cloud.google.com/artifact-registry/docs/access-control and
 * https://github.com/google/ax/issues/140
 * @param policies decides by the allow policies of repositories and projects
 */
export function whyDenied(caller: Identity, { type, name, actions }: RegistryAccess, policies: Pick<Access, "grants">): string | undefined {
    const denied = actions.find((action) => {
        const attributes = { service: "artifactregistry.googleapis.com", name: resource(name) };
        const open = action === "pull" && type === "repository" && isPublic(name);
        return !open && !policies.grants(caller, permission(action), attributes);
    });
    if (denied === undefined) {
        return undefined;
    }
    const [needed, where] = [`"${permission(denied)}"`, `on resource "${resource(name)}" (or it may not exist)`];
    return caller === ANYBODY
        ? `Unauthenticated request. Unauthenticated requests do not have permission ${needed} ${where}`
        : `Permission ${needed} denied ${where}`;
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

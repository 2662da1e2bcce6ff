import { appliesInClusters } from "./kubernetes-roles";
import listing from "./permissions.json";

const METHODS: Readonly<Record<string, readonly string[]>> = listing.methods;
const ROLES: Readonly<Record<string, readonly string[]>> = listing.roles;

/** Methods that every caller may use, and methods of Compute Engine that Google's lists lack with their permissions. */
const OPEN = /(\.testIamPermissions|\.operations\.get|^compute\.(\w+Operations\.\w+|instanceGroupManagers\.(list|aggregatedList)))$/;

/**
 * Returns the permissions that a method requires.
 * @throws Error if Google's list does not contain the method
 */
export function permissionsOf(method: string): readonly string[] {
    const permissions = METHODS[method] ?? (OPEN.test(method) ? [] : undefined);
    if (permissions === undefined) {
        throw new Error(`permissions.json does not contain ${method}. sandbox/cloud/README.md describes how to update it.`);
    }
    return permissions;
}

/** Names of all predefined roles, sorted. */
export const ROLE_NAMES = Object.keys(ROLES).sort();

/** Returns the permissions of a predefined role that the sandbox knows. */
export function permissionsOfRole(role: string): readonly string[] {
    return ROLES[role] ?? [];
}

/** Returns all permissions that the sandbox knows, sorted. */
export function knownPermissions(): readonly string[] {
    return [...new Set([...Object.values(METHODS), ...Object.values(ROLES)].flat())].sort();
}

/** Whether a predefined role has a permission. Known are the permissions that a method of the sandbox requires, and those inside of clusters. */
export function roleHas(role: string, permission: string): boolean {
    return ROLES[role]?.includes(permission) === true || appliesInClusters(role, permission);
}

import listing from "./permissions.json";

const METHODS: Readonly<Record<string, readonly string[]>> = listing.methods;
const ROLES: Readonly<Record<string, readonly string[]>> = listing.roles;

/** Methods that every caller may use, and methods of Compute Engine that Google's lists lack with their permissions. */
const OPEN = /(\.testIamPermissions|\.operations\.get|^compute\.(\w+Operations\.\w+|instanceGroupManagers\.list))$/;

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

/** Returns the permissions of a predefined role, reduced to those that a method of the sandbox requires. */
export function permissionsOfRole(role: string): readonly string[] {
    return ROLES[role] ?? [];
}

/** Permissions to read all objects except Secrets. */
const READ = /^container\.(?!secrets\.)\w+\.(get|list|getStatus|getScale)$/;
/** Permissions that the developer role lacks: to change who may do what, webhooks, and approvals of certificates. */
const ADMINISTER =
    /^container\.((clusterRoles|clusterRoleBindings|roles|roleBindings|(mutating|validating)WebhookConfigurations|controllerRevisions)\.(?!get$|list$)|certificateSigningRequests\.approve$)/;
/** Permissions of Google's API, which are in `permissions.json`. */
const GOOGLE_API = /^container\.(clusters|operations)\./;

const admin = (permission: string): boolean => /^container\.\w+\.\w+$/.test(permission);
const developer = (permission: string): boolean => admin(permission) && !ADMINISTER.test(permission);
const viewer = (permission: string): boolean => READ.test(permission);

/**
 * Predefined roles that apply inside of clusters, too. Google's lists name about 400 permissions for objects of Kubernetes, which follow these rules. Roles for
 * clusters alone, such as roles/container.clusterAdmin, have none of them. https://cloud.google.com/iam/docs/roles-permissions/container
 */
const ROLES: Readonly<Record<string, (permission: string) => boolean>> = {
    "roles/owner": admin,
    "roles/editor": developer,
    "roles/viewer": (permission) => viewer(permission) || permission === "container.pods.getLogs",
    "roles/container.admin": admin,
    "roles/container.developer": developer,
    "roles/container.viewer": viewer,
};

/** Whether a predefined role has a permission for objects of Kubernetes, such as `container.pods.list`. */
export function appliesInClusters(role: string, permission: string): boolean {
    return !GOOGLE_API.test(permission) && ROLES[role]?.(permission) === true;
}

/** Methods of Google's API that create, read, change and delete the resources of a type. */
export interface TypeMethods {
    readonly create: string;
    readonly read: string;
    readonly update: string;
    readonly delete: string;
}

/** Methods of a resource type. `verbs` are those for create, read, update and delete. */
function methods(prefix: string, verbs = "create get patch delete"): TypeMethods {
    const [create = "", read = "", update = "", remove = ""] = verbs.split(" ").map((verb) => `${prefix}.${verb}`);
    return { create, read, update, delete: remove };
}

/**
 * Methods behind the resource types that do not use Google's API yet, for their permissions. Types that are missing here are for the
 * sandbox's owner alone.
 */
export const TYPE_METHODS: Readonly<Record<string, TypeMethods>> = {
    "gcp:monitoring/alertPolicy:AlertPolicy": methods("monitoring.projects.alertPolicies"),
    "gcp:monitoring/dashboard:Dashboard": methods("monitoring.projects.dashboards"),
};

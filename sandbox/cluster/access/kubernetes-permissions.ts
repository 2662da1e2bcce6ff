/** What a Kubernetes request asks for, as in a SubjectAccessReview. */
export interface ResourceAttributes {
    readonly verb?: string;
    readonly group?: string;
    readonly resource?: string;
    readonly subresource?: string;
}

/** API groups of Kubernetes itself. Objects of other groups share the permissions of `thirdPartyObjects`. */
const BUILT_IN =
    /^(apps|autoscaling|batch|policy|(admissionregistration|apiextensions|apiregistration|authentication|authorization|certificates|coordination|discovery|events|networking|node|rbac\.authorization|scheduling|storage)\.k8s\.io)?$/;

/** Resources with names of several words in permissions. https://cloud.google.com/iam/docs/roles-permissions/container */
const NAMES = [
    ..."apiServices certificateSigningRequests clusterRoleBindings clusterRoles componentStatuses configMaps controllerRevisions cronJobs".split(
        " ",
    ),
    ..."csiDrivers csiNodes customResourceDefinitions daemonSets endpointSlices horizontalPodAutoscalers limitRanges".split(" "),
    ..."localSubjectAccessReviews mutatingWebhookConfigurations networkPolicies persistentVolumeClaims persistentVolumes".split(" "),
    ..."podDisruptionBudgets podTemplates priorityClasses replicaSets replicationControllers resourceQuotas roleBindings".split(" "),
    ..."runtimeClasses selfSubjectAccessReviews selfSubjectRulesReviews serviceAccounts statefulSets storageClasses".split(" "),
    ..."subjectAccessReviews tokenReviews validatingWebhookConfigurations volumeAttachments".split(" "),
];
const NAME = new Map(NAMES.map((name) => [name.toLowerCase(), name]));

const VERBS: Readonly<Record<string, string>> = { watch: "list", patch: "update", deletecollection: "delete" };
const SUBRESOURCES: Readonly<Record<string, string>> = {
    ...{ approval: "approve", attach: "attach", eviction: "evict", exec: "exec", finalize: "finalize" },
    ...{ log: "getLogs", portforward: "portForward", proxy: "proxy", token: "createToken" },
};

/**
 * Returns the IAM permission for a request to a cluster, such as `container.pods.getLogs`.
 * https://cloud.google.com/kubernetes-engine/docs/how-to/iam
 */
export function permissionFor({ verb = "", group = "", resource = "", subresource = "" }: ResourceAttributes): string {
    const name = BUILT_IN.test(group) ? (NAME.get(resource) ?? resource) : "thirdPartyObjects";
    const action = VERBS[verb] ?? verb;
    const ofPart = subresource === "status" ? `${action}Status` : subresource === "scale" ? `${action}Scale` : undefined;
    return `container.${name}.${ofPart ?? SUBRESOURCES[subresource] ?? action}`;
}

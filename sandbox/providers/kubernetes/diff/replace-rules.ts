/** Whether ConfigMaps and Secrets are updated in place instead of replaced. */
export interface Mutability {
    readonly configMaps: boolean;
    readonly secrets: boolean;
}

const CONTAINER_FIELDS = [
    "args",
    "command",
    "env",
    "image",
    "imagePullPolicy",
    "lifecycle",
    "livenessProbe",
    "ports",
    "readinessProbe",
    "resources",
    "securityContext",
    "stdin",
    "stdinOnce",
    "terminationMessagePath",
    "terminationMessagePolicy",
    "tty",
    "volumeDevices",
    "volumeMounts",
    "workingDir",
];

const POD_SPEC_FIELDS = [
    "affinity",
    "automountServiceAccountToken",
    "dnsConfig",
    "dnsPolicy",
    "enableServiceLinks",
    "hostAliases",
    "hostIPC",
    "hostNetwork",
    "hostPID",
    "hostname",
    "imagePullSecrets",
    "nodeName",
    "nodeSelector",
    "overhead",
    "preemptionPolicy",
    "priority",
    "priorityClassName",
    "readinessGates",
    "restartPolicy",
    "runtimeClassName",
    "schedulerName",
    "securityContext",
    "serviceAccount",
    "serviceAccountName",
    "shareProcessNamespace",
    "subdomain",
    "terminationGracePeriodSeconds",
    "volumes",
];

const VOLUME_SOURCES = [
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "csi",
    "fc",
    "flexVolume",
    "flocker",
    "gcePersistentDisk",
    "glusterfs",
    "hostPath",
    "iscsi",
    "local",
    "nfs",
    "photonPersistentDisk",
    "portworxVolume",
    "quobyte",
    "rbd",
    "scaleIO",
    "storageos",
    "vsphereVolume",
];

/**
 * Fields that replace the object when they change, by group and kind, as in the official provider (pulumi-kubernetes 4.32,
 * provider/pkg/provider/diff.go). `[*]` matches any list index; a rule includes all nested fields.
 */
const RULES: Readonly<Record<string, readonly string[]>> = {
    "/PersistentVolume": VOLUME_SOURCES.map((source) => `spec.${source}`),
    "/PersistentVolumeClaim": ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
    "/Pod": [
        ...POD_SPEC_FIELDS.map((field) => `spec.${field}`),
        ...CONTAINER_FIELDS.flatMap((field) => [`spec.containers[*].${field}`, `spec.initContainers[*].${field}`]),
    ],
    "/ResourceQuota": ["spec.scopes"],
    "/Secret": ["type"],
    "/Service": ["spec.clusterIP"],
    "apps/DaemonSet": ["spec.selector"],
    "apps/Deployment": ["spec.selector"],
    "apps/StatefulSet": [
        "spec.podManagementPolicy",
        "spec.revisionHistoryLimit",
        "spec.selector",
        "spec.serviceName",
        "spec.volumeClaimTemplates",
    ],
    "batch/Job": ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
    "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
    "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
    "storage.k8s.io/StorageClass": ["parameters", "provisioner"],
};

const IDENTITY_FIELDS = ["metadata.name", "metadata.namespace"];

/**
 * Returns the fields of a kind that replace the object when they change. The contents of ConfigMaps and Secrets do, unless the provider
 * allows updates in place: pods then refer to a new name and are rolled out. Immutable ConfigMaps and Secrets are always replaced.
 */
export function replacingFields(group: string, kind: string, immutable: boolean, mutability: Mutability): readonly string[] {
    const fields = [...IDENTITY_FIELDS, ...(RULES[`${group}/${kind}`] ?? [])];
    if (group !== "") {
        return fields;
    }
    if (kind === "ConfigMap" && (immutable || !mutability.configMaps)) {
        return [...fields, "data", "binaryData"];
    }
    if (kind === "Secret" && (immutable || !mutability.secrets)) {
        return [...fields, "data", "stringData"];
    }
    return fields;
}

/** Whether a changed path equals, is nested in, or contains one of these fields. */
export function matchesField(path: readonly (string | number)[], fields: readonly string[]): boolean {
    return fields.some((field) => {
        const pattern = field.replaceAll("[*]", ".*").split(".");
        const length = Math.min(pattern.length, path.length);
        return pattern.slice(0, length).every((segment, index) => segment === "*" || segment === String(path[index]));
    });
}

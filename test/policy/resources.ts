import * as proxy from "@pulumi/policy/proxy";
import type { Described } from "./analyze";

const DIGEST = `sha256:${"0".repeat(64)}`;

const labels = { "app.kubernetes.io/name": "digits" };

/** A pod that passes every rule. */
const pod = {
    serviceAccountName: "digits",
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
    nodeSelector: {
        "ml-platform/pool": "inference",
        "cloud.google.com/gke-accelerator": "nvidia-l4",
        "topology.kubernetes.io/zone": "us-central1-a",
    },
    tolerations: [{ key: "nvidia.com/gpu", operator: "Equal", value: "present", effect: "NoSchedule" }],
    initContainers: [
        {
            name: "fetch",
            image: `registry.test/fetch:1.0@${DIGEST}`,
            resources: {
                requests: { cpu: "100m", memory: "1Gi", "ephemeral-storage": "1Gi" },
                limits: { memory: "1Gi", "ephemeral-storage": "1Gi" },
            },
            securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] }, readOnlyRootFilesystem: true },
        },
    ],
    containers: [
        {
            name: "server",
            image: `registry.test:5000/ml/inference@${DIGEST}`,
            env: [
                { name: "PORT", value: "8000" },
                { name: "TOKENIZERS_PARALLELISM", value: "false" },
                { name: "GOOGLE_APPLICATION_CREDENTIALS", value: "/var/run/credentials.json" },
                { name: "HF_TOKEN", valueFrom: { secretKeyRef: { name: "hub", key: "token" } } },
            ],
            ports: [{ containerPort: 8000 }],
            resources: {
                requests: { cpu: "2", memory: "8Gi", "ephemeral-storage": "2Gi", "nvidia.com/gpu": "1" },
                limits: { memory: "8Gi", "ephemeral-storage": "2Gi", "nvidia.com/gpu": "1" },
            },
            securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
                readOnlyRootFilesystem: true,
            },
        },
    ],
    volumes: [{ name: "tmp", emptyDir: {} }],
};

function resource(type: string, name: string, props: object, protect = false): Described {
    return { type, name, props, protect };
}

const workload = {
    metadata: { name: "digits", namespace: "inference" },
    spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
};

/** One resource of each kind that rules check, as the stack creates it in production: none breaks a rule. */
export const GOOD = {
    deployment: resource("kubernetes:apps/v1:Deployment", "digits", workload),
    job: resource("kubernetes:batch/v1:Job", "training", {
        spec: {
            activeDeadlineSeconds: 3600,
            podFailurePolicy: { rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }] },
            template: { spec: pod },
        },
    }),
    cronJob: resource("kubernetes:batch/v1:CronJob", "nightly", { spec: { jobTemplate: { spec: { template: { spec: pod } } } } }),
    pod: resource("kubernetes:core/v1:Pod", "shell", { spec: pod }),
    daemonSet: resource("kubernetes:apps/v1:DaemonSet", "agent", workload),
    statefulSet: resource("kubernetes:apps/v1:StatefulSet", "queue", workload),
    budget: resource("kubernetes:policy/v1:PodDisruptionBudget", "digits-budget", {
        metadata: { namespace: "inference" },
        spec: { maxUnavailable: 1, selector: { matchLabels: labels } },
    }),
    namespace: resource("kubernetes:core/v1:Namespace", "inference", {
        metadata: { labels: { "pod-security.kubernetes.io/enforce": "restricted" } },
    }),
    service: resource("kubernetes:core/v1:Service", "digits", { metadata: { name: "digits" }, spec: { type: "ClusterIP" } }),
    cluster: resource(
        "gcp:container/cluster:Cluster",
        "cluster",
        {
            deletionProtection: true,
            enableShieldedNodes: true,
            privateClusterConfig: { enablePrivateNodes: true },
            masterAuthorizedNetworksConfig: { cidrBlocks: [{ cidrBlock: "10.0.0.0/8" }] },
            workloadIdentityConfig: { workloadPool: "project.svc.id.goog" },
        },
        true,
    ),
    pool: resource("gcp:container/nodePool:NodePool", "inference", {
        initialNodeCount: 0,
        autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 4, locationPolicy: "ANY" },
        networkConfig: { enablePrivateNodes: true },
        nodeConfig: {
            machineType: "g2-standard-8",
            serviceAccount: "nodes@project.iam.gserviceaccount.com",
            labels: { "ml-platform/pool": "inference" },
            taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
            guestAccelerators: [{ type: "nvidia-l4", count: 1 }],
            workloadMetadataConfig: { mode: "GKE_METADATA" },
            metadata: { "disable-legacy-endpoints": "true" },
        },
    }),
    repository: resource(
        "gcp:artifactregistry/repository:Repository",
        "registry",
        {
            format: "DOCKER",
            cleanupPolicies: [
                { id: "delete-untagged", action: "DELETE" },
                { id: "keep-newest", action: "KEEP" },
            ],
        },
        true,
    ),
    cache: resource("gcp:artifactregistry/repository:Repository", "cache", { cleanupPolicies: [{ id: "delete-old", action: "DELETE" }] }),
    proxy: resource("gcp:artifactregistry/repository:Repository", "docker-hub", { mode: "REMOTE_REPOSITORY" }),
    trigger: resource("gcp:cloudbuild/trigger:Trigger", "build", {
        serviceAccount: "projects/project/serviceAccounts/build@project.iam.gserviceaccount.com",
        approvalConfig: { approvalRequired: true },
        build: {
            steps: [{ name: "docker:29.1.3", args: ["build", "--build-arg=APP_ENV=prod", "."] }],
            options: { logging: "CLOUD_LOGGING_ONLY" },
        },
    }),
    member: resource("gcp:artifactregistry/repositoryIamMember:RepositoryIamMember", "reader", {
        role: "roles/artifactregistry.reader",
        member: "serviceAccount:nodes@project.iam.gserviceaccount.com",
    }),
    projectMember: resource("gcp:projects/iAMMember:IAMMember", "logs", {
        role: "roles/logging.logWriter",
        member: "group:ml@example.com",
    }),
    secretMember: resource("gcp:secretmanager/secretIamMember:SecretIamMember", "secret", {
        role: "roles/secretmanager.secretAccessor",
        member: "serviceAccount:predict@project.iam.gserviceaccount.com",
    }),
    binding: resource("gcp:storage/bucketIAMBinding:BucketIAMBinding", "readers", {
        role: "roles/storage.objectViewer",
        members: ["group:ml@example.com"],
    }),
    policy: resource("gcp:storage/bucketIAMPolicy:BucketIAMPolicy", "policy", {
        policyData: JSON.stringify({ bindings: [{ role: "roles/storage.objectViewer", members: ["group:ml@example.com"] }] }),
    }),
} as const satisfies Record<string, Described>;

/** An image that a development stack builds. Production builds none, so none is valid there. */
export const BUILT_IMAGE = resource("docker-build:index:Image", "inference", {
    buildArgs: { PYTHON_VERSION: "3.11", BASE_IMAGE: `python:3.11-slim-bookworm@${DIGEST}` },
});

/** A service account key, which is never valid. */
export const ACCOUNT_KEY = resource("gcp:serviceaccount/key:Key", "key", { serviceAccountId: "nodes" });

/** The SDK's placeholder for a value that is unknown during preview. */
export const UNKNOWN = (proxy as unknown as { unknownStringValue: string }).unknownStringValue;

type Path = readonly (string | number)[];

/** The resource with another value at a path; undefined removes the property. */
export function changed(original: Described, path: Path, value: unknown): Described {
    const props = structuredClone(original.props);
    const last = path.at(-1) ?? "";
    const holder = path.slice(0, -1).reduce<Record<string, unknown>>(
        (at, key) => {
            at[key] ??= {};
            return at[key] as Record<string, unknown>;
        },
        props as Record<string, unknown>,
    );
    if (value === undefined) {
        Reflect.deleteProperty(holder, last);
    } else {
        holder[last] = value;
    }
    return { ...original, props };
}

/** The paths of all scalar values in a resource. */
export function leaves(value: unknown, at: Path = []): Path[] {
    return typeof value === "object" && value !== null ? Object.entries(value).flatMap(([key, held]) => leaves(held, [...at, key])) : [at];
}

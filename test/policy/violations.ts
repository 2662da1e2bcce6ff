import type { Described } from "./analyze";
import { ACCOUNT_KEY, BUILT_IMAGE, GOOD, changed } from "./resources";

/** A resource that breaks rules, and the violations that the pack must report. */
export interface Planted {
    /** The change of the resource. */
    readonly what: string;
    readonly resource: Described;
    /** Rule → part of its message. These, and no others, are broken. */
    readonly broken: Readonly<Record<string, string>>;
}

const POD = ["spec", "template", "spec"] as const;
const CONTAINER = [...POD, "containers", 0] as const;
const DIGEST = `sha256:${"0".repeat(64)}`;

function planted(
    what: string,
    original: Described,
    path: readonly (string | number)[],
    value: unknown,
    broken: Readonly<Record<string, string>>,
): Planted {
    return { what, resource: changed(original, path, value), broken };
}

function inPod(what: string, path: readonly (string | number)[], value: unknown, broken: Readonly<Record<string, string>>): Planted {
    return planted(what, GOOD.deployment, [...POD, ...path], value, broken);
}

function inContainer(what: string, path: readonly (string | number)[], value: unknown, broken: Readonly<Record<string, string>>): Planted {
    return planted(what, GOOD.deployment, [...CONTAINER, ...path], value, broken);
}

function unprotected(what: string, original: Described, broken: Readonly<Record<string, string>>): Planted {
    return { what, resource: { ...original, protect: false }, broken };
}

const images: readonly Planted[] = [
    inContainer("an image by tag", ["image"], "registry.test/ml/inference:1.2.3", {
        "image-by-digest": "Container server runs registry.test/ml/inference:1.2.3",
    }),
    inContainer("an image with neither tag nor digest", ["image"], "registry.test:5000/inference", {
        "image-by-digest": "",
        "image-not-latest": "latest",
    }),
    inContainer("latest with a digest", ["image"], `inference:latest@${DIGEST}`, {
        "image-not-latest": "the tag latest can move to another image",
    }),
    inContainer("a digest cut short", ["image"], "inference@sha256:0123", { "image-by-digest": "" }),
    inPod("latest in a container that prepares", ["initContainers", 0, "image"], "busybox:latest", {
        "image-by-digest": "Container fetch",
        "image-not-latest": "Container fetch",
    }),
    planted("an image by tag in a CronJob", GOOD.cronJob, ["spec", "jobTemplate", ...CONTAINER, "image"], "a:1", {
        "image-by-digest": "a:1",
    }),
    planted("an image by tag in a bare pod", GOOD.pod, ["spec", "containers", 0, "image"], "a:1", { "image-by-digest": "a:1" }),
    planted("an image by tag in a DaemonSet", GOOD.daemonSet, [...CONTAINER, "image"], "a:1", { "image-by-digest": "a:1" }),
    planted("an image by tag in a StatefulSet", GOOD.statefulSet, [...CONTAINER, "image"], "a:1", { "image-by-digest": "a:1" }),
    { what: "a build in production", resource: BUILT_IMAGE, broken: { "no-build-in-production": "built by this stack" } },
    planted("a base without a version", BUILT_IMAGE, ["buildArgs", "BASE_IMAGE"], "python:latest", {
        "base-image-not-latest": "python:latest",
        "no-build-in-production": "",
    }),
    planted("a secret build argument", BUILT_IMAGE, ["buildArgs", "PIP_PASSWORD"], "hunter2", {
        "no-secret-build-argument": "PIP_PASSWORD",
        "no-build-in-production": "",
    }),
    planted("a password in an address", BUILT_IMAGE, ["buildArgs", "INDEX"], "https://user:hunter2@packages.test/simple", {
        "no-secret-build-argument": "INDEX",
        "no-build-in-production": "",
    }),
];

const containers: readonly Planted[] = [
    inPod("no runAsNonRoot", ["securityContext", "runAsNonRoot"], undefined, { "non-root": "may run as root" }),
    inContainer("a container that takes it back", ["securityContext", "runAsNonRoot"], false, { "non-root": "may run as root" }),
    inContainer("user 0", ["securityContext", "runAsUser"], 0, { "non-root": "user 0" }),
    inContainer("a privileged container", ["securityContext", "privileged"], true, { "no-privilege-escalation": "privileged" }),
    inContainer("escalation by default", ["securityContext", "allowPrivilegeEscalation"], undefined, {
        "no-privilege-escalation": "may gain",
    }),
    inContainer("capabilities by default", ["securityContext", "capabilities"], undefined, {
        "capabilities-dropped": "keeps capabilities",
    }),
    inContainer("an added capability", ["securityContext", "capabilities", "add"], ["SYS_ADMIN"], { "capabilities-dropped": "SYS_ADMIN" }),
    inContainer("a writable root", ["securityContext", "readOnlyRootFilesystem"], false, { "read-only-root": "may write" }),
    inPod("no seccomp profile", ["securityContext", "seccompProfile"], undefined, { "seccomp-profile": "of the node" }),
    inContainer(
        "an unconfined container",
        ["securityContext", "seccompProfile"],
        { type: "Unconfined" },
        { "seccomp-profile": "Unconfined" },
    ),
    inContainer("no requests", ["resources", "requests"], undefined, {
        "resources-set": "no cpu request, no memory request, no ephemeral-storage request",
    }),
    inContainer("no memory limit", ["resources", "limits", "memory"], undefined, { "resources-set": "no memory limit" }),
    inContainer("no limit of ephemeral storage", ["resources", "limits", "ephemeral-storage"], undefined, {
        "resources-set": "no ephemeral-storage limit",
    }),
    inContainer("a token in the environment", ["env", 0], { name: "HF_TOKEN", value: "abc" }, { "no-secret-in-env": "HF_TOKEN" }),
    inContainer(
        "a broker's password in its address",
        ["env", 0],
        { name: "BROKER", value: "redis://:hunter2@redis:6379" },
        { "no-secret-in-env": "BROKER" },
    ),
];

const pods: readonly Planted[] = [
    inPod("a directory of the node", ["volumes", 0], { name: "tmp", hostPath: { path: "/var/lib" } }, { "no-host-path": "/var/lib" }),
    inPod("the node's network", ["hostNetwork"], true, { "no-host-namespaces": "hostNetwork" }),
    inPod("the node's processes", ["hostPID"], true, { "no-host-namespaces": "hostPID" }),
    inContainer("a port of the node", ["ports", 0, "hostPort"], 80, { "no-host-namespaces": "port 80" }),
    inPod("no account", ["serviceAccountName"], undefined, { "own-service-account": "default account" }),
    inPod("the default account", ["serviceAccountName"], "default", { "own-service-account": "default account" }),
    inPod("a token of the API", ["automountServiceAccountToken"], true, { "no-api-token": "token" }),
    inContainer("more GPUs requested than allowed", ["resources", "requests", "nvidia.com/gpu"], "2", {
        "gpu-request-equals-limit": "requests 2 GPUs and has a limit of 1",
    }),
    inContainer("GPUs without a limit", ["resources", "limits", "nvidia.com/gpu"], undefined, {
        "gpu-request-equals-limit": "a limit of none",
    }),
    inPod("a GPU without its toleration", ["tolerations"], [], { "gpu-toleration": "does not tolerate" }),
    inContainer(
        "the toleration without a GPU",
        ["resources"],
        { requests: { cpu: "1", memory: "1Gi", "ephemeral-storage": "1Gi" }, limits: { memory: "1Gi", "ephemeral-storage": "1Gi" } },
        { "gpu-toleration": "requests no GPU" },
    ),
];

const jobs: readonly Planted[] = [
    planted("a TTL", GOOD.job, ["spec", "ttlSecondsAfterFinished"], 600, { "job-without-ttl": "600 s" }),
    planted("a TTL of nothing", GOOD.job, ["spec", "ttlSecondsAfterFinished"], 0, { "job-without-ttl": "0 s" }),
    planted("no failure policy", GOOD.job, ["spec", "podFailurePolicy"], undefined, { "job-failure-policy": "counts as a failure" }),
    planted("no deadline", GOOD.job, ["spec", "activeDeadlineSeconds"], undefined, { "job-deadline": "forever" }),
];

const cluster: readonly Planted[] = [
    planted("a privileged namespace", GOOD.namespace, ["metadata", "labels", "pod-security.kubernetes.io/enforce"], "privileged", {
        "namespace-restricted": "privileged",
    }),
    planted("a namespace without a standard", GOOD.namespace, ["metadata", "labels"], undefined, {
        "namespace-restricted": "no Pod Security Standard",
    }),
    planted("a public load balancer", GOOD.service, ["spec", "type"], "LoadBalancer", { "service-internal": "internet" }),
    planted("a port on every node", GOOD.service, ["spec", "type"], "NodePort", { "service-internal": "every node" }),
    planted("public nodes", GOOD.cluster, ["privateClusterConfig"], undefined, { "private-nodes": "internet" }),
    planted("an open control plane", GOOD.cluster, ["masterAuthorizedNetworksConfig"], undefined, {
        "authorized-networks": "whole internet",
    }),
    planted("everybody authorized", GOOD.cluster, ["masterAuthorizedNetworksConfig", "cidrBlocks", 0, "cidrBlock"], "0.0.0.0/0", {
        "authorized-networks": "0.0.0.0/0",
    }),
    planted("no Workload Identity", GOOD.cluster, ["workloadIdentityConfig"], undefined, { "workload-identity": "identity of their node" }),
    planted("nodes without shielding", GOOD.cluster, ["enableShieldedNodes"], false, { "shielded-nodes": "not Shielded" }),
    planted("no deletion protection", GOOD.cluster, ["deletionProtection"], false, { "cluster-protected": "no deletionProtection" }),
    unprotected("a cluster without protect", GOOD.cluster, { "cluster-protected": "no Pulumi's protect" }),
    planted("no account of the nodes", GOOD.pool, ["nodeConfig", "serviceAccount"], undefined, {
        "node-service-account": "default account",
    }),
    planted("the project's default account", GOOD.pool, ["nodeConfig", "serviceAccount"], "1234-compute@developer.gserviceaccount.com", {
        "node-service-account": "default account",
    }),
    planted("GPUs without a taint", GOOD.pool, ["nodeConfig", "taints"], undefined, { "gpu-pool-taint": "nvidia.com/gpu" }),
    planted("a taint that only advises", GOOD.pool, ["nodeConfig", "taints", 0, "effect"], "PREFER_NO_SCHEDULE", { "gpu-pool-taint": "" }),
    planted("the node's metadata", GOOD.pool, ["nodeConfig", "workloadMetadataConfig", "mode"], "GCE_METADATA", {
        "node-metadata": "the node's account",
    }),
    planted("legacy endpoints", GOOD.pool, ["nodeConfig", "metadata"], undefined, { "node-metadata": "legacy" }),
    planted("a pool with public nodes", GOOD.pool, ["networkConfig", "enablePrivateNodes"], false, { "private-node-pool": "internet" }),
    planted("a minimum above the maximum", GOOD.pool, ["autoscaling", "totalMinNodeCount"], 5, {
        "autoscaling-range": "minimum 5 is above its maximum 4",
    }),
    planted("the same by zone", GOOD.pool, ["autoscaling"], { minNodeCount: 2, maxNodeCount: 1 }, { "autoscaling-range": "minimum 2" }),
    planted("a fixed count with autoscaling", GOOD.pool, ["nodeCount"], 1, { "autoscaling-without-count": "nodeCount" }),
];

const project: readonly Planted[] = [
    planted("everyone", GOOD.member, ["member"], "allUsers", { "no-public-access": "allUsers get roles/artifactregistry.reader" }),
    planted("everyone with an account, in a binding", GOOD.binding, ["members", 0], "allAuthenticatedUsers", {
        "no-public-access": "allAuthenticatedUsers",
    }),
    planted("everyone who reads a secret", GOOD.secretMember, ["member"], "allUsers", {
        "no-public-access": "allUsers get roles/secretmanager.secretAccessor",
    }),
    planted("an editor", GOOD.projectMember, ["role"], "roles/editor", { "no-primitive-role": "roles/editor" }),
    planted(
        "everyone as owner, in a policy",
        GOOD.policy,
        ["policyData"],
        JSON.stringify({ bindings: [{ role: "roles/owner", members: ["allUsers"] }] }),
        { "no-public-access": "allUsers", "no-primitive-role": "roles/owner" },
    ),
    { what: "a key of an account", resource: ACCOUNT_KEY, broken: { "no-service-account-key": "Anyone who has the key" } },
    planted("a repository that keeps everything", GOOD.repository, ["cleanupPolicies"], undefined, {
        "registry-cleanup": "kept and billed",
    }),
    unprotected("an unprotected repository", GOOD.repository, { "registry-protected": "it is not protected" }),
    planted("the default account of builds", GOOD.trigger, ["serviceAccount"], undefined, { "build-service-account": "default account" }),
    planted("an account by address", GOOD.trigger, ["serviceAccount"], "build@project.iam.gserviceaccount.com", {
        "build-service-account": "projects/…",
    }),
    planted("no choice of logging", GOOD.trigger, ["build", "options"], undefined, { "build-logging": "not set" }),
    planted("a secret in a step", GOOD.trigger, ["build", "steps", 0, "args", 1], "--build-arg=API_TOKEN=abc", {
        "no-secret-in-trigger": "API_TOKEN",
    }),
    planted("builds that nobody approves", GOOD.trigger, ["approvalConfig"], undefined, { "build-approval": "without approval" }),
];

/** At least one violation of every rule about a single resource. */
export const PLANTED: readonly Planted[] = [...images, ...containers, ...pods, ...jobs, ...cluster, ...project];

/** A stack that breaks rules. */
export interface PlantedStack {
    readonly what: string;
    readonly resources: readonly Described[];
    readonly broken: Readonly<Record<string, string>>;
}

/** A complete service on a GPU pool. */
export const GOOD_STACK: readonly Described[] = [GOOD.pool, GOOD.deployment, GOOD.budget, GOOD.job];

/** At least one violation of every rule about resources together. */
export const PLANTED_STACKS: readonly PlantedStack[] = [
    {
        what: "a taint that no pod tolerates",
        resources: [changed(GOOD.pool, ["nodeConfig", "taints", 1], { key: "team", value: "a", effect: "NO_EXECUTE" }), GOOD.job],
        broken: { "taints-tolerated": "does not tolerate team=a:NO_EXECUTE" },
    },
    {
        what: "a toleration of another value",
        resources: [GOOD.pool, changed(GOOD.job, [...POD, "tolerations", 0, "value"], "absent")],
        broken: { "taints-tolerated": "does not tolerate nvidia.com/gpu=present" },
    },
    {
        what: "an accelerator that no pool has",
        resources: [changed(GOOD.pool, ["nodeConfig", "guestAccelerators", 0, "type"], "nvidia-tesla-t4"), GOOD.job],
        broken: { "taints-tolerated": "cloud.google.com/gke-accelerator=nvidia-l4" },
    },
    {
        what: "a service without a budget",
        resources: [GOOD.pool, GOOD.deployment],
        broken: { "disruption-budget": "no PodDisruptionBudget" },
    },
    {
        what: "a budget for other pods",
        resources: [GOOD.deployment, changed(GOOD.budget, ["spec", "selector", "matchLabels", "app.kubernetes.io/name"], "other")],
        broken: { "disruption-budget": "no PodDisruptionBudget" },
    },
    {
        what: "a budget in another namespace",
        resources: [GOOD.deployment, changed(GOOD.budget, ["metadata", "namespace"], "training")],
        broken: { "disruption-budget": "no PodDisruptionBudget" },
    },
];

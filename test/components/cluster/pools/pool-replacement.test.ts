import { expect } from "chai";
import type { RawConfig } from "../../../../components/config/handed-over";
import { poolSchema } from "../../../../components/cluster/pools/config";
import { readFileSync } from "node:fs";
import { plan, type Operation } from "../../planned";
import { edited, stackFile } from "../../stack-files";

const digest = (digit: string): string => `@sha256:${digit.repeat(64)}`;

/** The stack dev with images that the update builds. */
const building = edited(stackFile("dev"), { "ml-platform:images.from": "build", "ml-platform:cluster.pools[0].maxNodes": 6 });

/** The same with images from a release. */
const released = edited(building, {
    "ml-platform:build": undefined,
    "ml-platform:registry": { repository: "ml-images" },
    "ml-platform:images": {
        from: "release",
        release: { inference: `r/inference${digest("a")}`, training: `r/training${digest("a")}`, variant: "gpu" },
    },
});

const POOL = "ml-platform:cluster.pools[0]";
const RUNS = "ml-platform:cluster.pools[1]";
const SERVICE = "ml-platform:inference.services[0]";

const service = (name: string) => [
    `InferenceService ${name}`,
    `Account ${name}-account`,
    `IAMMember ${name}-binding`,
    `ServiceAccount ${name}-kubernetes`,
    `Service ${name}-service`,
    `Deployment ${name}`,
    `PodDisruptionBudget ${name}-budget`,
    `NetworkPolicy ${name}-network`,
    `HorizontalPodAutoscaler ${name}-autoscaler`,
    `PodMonitoring ${name}-metrics`,
];
const scaled = (name: string) => [`AutoscalingMetric ${name}-load`];
const inNamespace = (resources: readonly string[]) =>
    resources.filter((resource) => !/^(InferenceService|Account|IAMMember) /.test(resource));

const tensorboard = [
    "Deployment tensorboard",
    "NetworkPolicy tensorboard-network",
    "Service tensorboard-service",
    "ServiceAccount tensorboard-kubernetes",
];
const serving = [
    "Namespace inference",
    "NetworkPolicy inference-default-deny",
    "ServiceAccountPatch inference-default-account",
    ...inNamespace([...service("digits"), ...scaled("digits")]),
];
const insideCluster = [
    "kubernetes cluster-kubernetes",
    ...serving,
    "Namespace training",
    "NetworkPolicy training-default-deny",
    "ServiceAccountPatch training-default-account",
    "NetworkPolicy training-network",
    "ServiceAccount training-kubernetes",
    "Job training-digits-1",
    ...tensorboard,
];
const nodePools = ["NodePool cluster-system", "NodePool cluster-inference", "NodePool cluster-training"];

/** An edit of a stack file, and the operation on each changed resource. */
interface Edit {
    readonly title: string;
    readonly from?: RawConfig;
    readonly edits: RawConfig;
    readonly expected: Partial<Record<Operation, readonly string[]>>;
}

/** One edit of each field of a GPU pool. */
const poolEdits: readonly (Edit & { readonly field: string })[] = [
    {
        field: "name",
        title: "another name, and the service moves to it",
        edits: { [`${POOL}.name`]: "serving", [`${SERVICE}.pool`]: "serving" },
        expected: { create: ["NodePool cluster-serving"], update: ["Deployment digits"], delete: ["NodePool cluster-inference"] },
    },
    {
        field: "accelerator",
        title: "another accelerator, which the pods select",
        edits: { [`${POOL}.accelerator`]: "nvidia-tesla-t4", [`${POOL}.machineType`]: "n1-standard-16" },
        expected: { replace: ["NodePool cluster-inference"], update: ["Deployment digits"] },
    },
    {
        field: "acceleratorCount",
        title: "more GPUs a node",
        edits: { [`${POOL}.acceleratorCount`]: 2, [`${POOL}.machineType`]: "g2-standard-24" },
        expected: { replace: ["NodePool cluster-inference"] },
    },
    {
        field: "machineType",
        title: "another machine type with as many GPUs",
        edits: { [`${POOL}.machineType`]: "g2-standard-12" },
        expected: { update: ["NodePool cluster-inference"] },
    },
    {
        field: "capacity",
        title: "spot nodes",
        edits: { [`${POOL}.capacity`]: "spot" },
        expected: { replace: ["NodePool cluster-inference"] },
    },
    {
        field: "queuedProvisioning",
        title: "nodes that come all at once",
        from: edited(released, { [`${RUNS}.capacity`]: "flex-start", "ml-platform:training.queue": "gpu" }),
        edits: { [`${RUNS}.queuedProvisioning`]: true, "ml-platform:training.nodes": 2 },
        expected: { replace: ["NodePool cluster-training"], create: ["Service training-digits-1-rendezvous"] },
    },
    {
        field: "minNodes",
        title: "nodes that stay",
        edits: { [`${POOL}.minNodes`]: 1 },
        expected: { update: ["NodePool cluster-inference"] },
    },
    { field: "maxNodes", title: "more nodes", edits: { [`${POOL}.maxNodes`]: 8 }, expected: { update: ["NodePool cluster-inference"] } },
    {
        field: "zones",
        title: "fewer zones",
        edits: { [`${POOL}.zones`]: ["us-central1-a"] },
        expected: { update: ["NodePool cluster-inference"] },
    },
    {
        field: "sharing",
        title: "GPUs that are shared",
        edits: { [`${POOL}.sharing`]: { strategy: "time-sharing", clients: 2 } },
        expected: { replace: ["NodePool cluster-inference"] },
    },
    {
        field: "mig",
        title: "partitioned GPUs",
        from: edited(released, { [`${POOL}.accelerator`]: "nvidia-tesla-a100", [`${POOL}.machineType`]: "a2-highgpu-1g" }),
        edits: { [`${POOL}.mig`]: "1g.5gb" },
        expected: { replace: ["NodePool cluster-inference"] },
    },
    {
        field: "driver",
        title: "another driver",
        edits: { [`${POOL}.driver`]: "default" },
        expected: { replace: ["NodePool cluster-inference"] },
    },
    {
        field: "diskSizeGb",
        title: "a larger boot disk",
        edits: { [`${POOL}.diskSizeGb`]: 200 },
        expected: { update: ["NodePool cluster-inference"] },
    },
    {
        field: "localSsds",
        title: "a local SSD",
        edits: { [`${POOL}.localSsds`]: 1 },
        expected: { replace: ["NodePool cluster-inference"] },
    },
    {
        field: "compactPlacement",
        title: "nodes close to each other",
        edits: { [`${POOL}.compactPlacement`]: true, [`${POOL}.zones`]: ["us-central1-a"] },
        expected: { replace: ["NodePool cluster-inference"] },
    },
    {
        field: "secondaryBootDisk",
        title: "preloaded images",
        edits: { [`${POOL}.secondaryBootDisk`]: "projects/p/global/images/preloaded" },
        expected: { replace: ["NodePool cluster-inference"] },
    },
    {
        field: "upgrade",
        title: "blue-green upgrades",
        edits: { [`${POOL}.upgrade.strategy`]: "blue-green" },
        expected: { update: ["NodePool cluster-inference"] },
    },
];

const edits: readonly Edit[] = [
    { title: "nothing", edits: {}, expected: {} },
    {
        title: "another repository, which nodes pull from",
        edits: { "ml-platform:registry.repository": "models" },
        expected: { replace: ["Repository registry", "Repository registry-cache", "RepositoryIamMember cluster-nodes-pull"] },
    },
    { title: "another clean-up", edits: { "ml-platform:registry.keepNewest": 20 }, expected: { update: ["Repository registry"] } },
    {
        title: "another Python in both images, which an existing run does not use",
        from: building,
        edits: { "ml-platform:images.pythonVersion": "3.12" },
        expected: {
            update: [
                "Image inference",
                "Image inference--attested",
                "Image training",
                "Image training--attested",
                "Trigger build",
                "Trigger build-tags",
                "Deployment digits",
                "Deployment tensorboard",
            ],
        },
    },
    {
        title: "another release",
        edits: { "ml-platform:images.release.inference": `r/inference${digest("b")}` },
        expected: { update: ["Deployment digits"] },
    },
    {
        title: "another cluster name",
        edits: { "ml-platform:cluster.name": "other" },
        expected: {
            replace: [
                "Account cluster-nodes",
                "IAMMember cluster-nodes-role",
                "IAMMember cluster-nodes-services",
                "RepositoryIamMember cluster-nodes-pull",
                "Cluster cluster",
                ...nodePools,
                ...insideCluster,
            ],
        },
    },
    {
        title: "another range of the control plane",
        edits: { "ml-platform:cluster.network.controlPlane": "172.16.1.0/28" },
        expected: { replace: ["Cluster cluster", ...nodePools, ...insideCluster] },
    },
    {
        title: "another release channel",
        edits: { "ml-platform:cluster.releaseChannel": "STABLE" },
        expected: { update: ["Cluster cluster"] },
    },
    {
        title: "another endpoint of the same control plane",
        edits: { "ml-platform:cluster.endpoint": "ip" },
        expected: { update: ["Cluster cluster", "kubernetes cluster-kubernetes"] },
    },
    {
        title: "spot nodes for the system",
        edits: { "ml-platform:cluster.systemPool.spot": true },
        expected: { replace: ["NodePool cluster-system"] },
    },
    {
        title: "a fallback of capacity",
        edits: { [`${POOL}.capacity`]: ["on-demand", "spot"] },
        expected: {
            create: ["NodePool cluster-inference-on-demand", "NodePool cluster-inference-spot", "ComputeClass cluster-inference-class"],
            update: ["Deployment digits"],
            delete: ["NodePool cluster-inference"],
        },
    },
    {
        title: "a further pool",
        edits: { "ml-platform:cluster.pools[2]": { name: "more", accelerator: "nvidia-l4", maxNodes: 1 } },
        expected: { create: ["NodePool cluster-more"] },
    },
    {
        title: "the same pools in another order",
        edits: { "ml-platform:cluster.pools": (released["ml-platform:cluster"] as { pools: unknown[] }).pools.toReversed() },
        expected: {},
    },
    { title: "more memory", edits: { [`${SERVICE}.memory`]: "20Gi" }, expected: { update: ["Deployment digits"] } },
    {
        title: "a longer cold start, which also changes scaling down",
        edits: { [`${SERVICE}.coldStartSeconds`]: 300 },
        expected: { update: ["Deployment digits", "HorizontalPodAutoscaler digits-autoscaler"] },
    },
    {
        title: "a fixed number of replicas",
        edits: { [`${SERVICE}.autoscaling`]: undefined, [`${SERVICE}.replicas`]: 2 },
        expected: { update: ["Deployment digits", "HorizontalPodAutoscaler digits-autoscaler"], delete: scaled("digits") },
    },
    {
        title: "another name of a service",
        edits: { [`${SERVICE}.name`]: "letters" },
        expected: { create: [...service("letters"), ...scaled("letters")], delete: [...service("digits"), ...scaled("digits")] },
    },
    {
        title: "a further service",
        edits: { "ml-platform:inference.services[1]": { name: "letters", pool: "inference" } },
        expected: { create: service("letters") },
    },
    {
        title: "another namespace",
        edits: { "ml-platform:inference.namespace": "serving" },
        expected: { replace: ["IAMMember digits-binding", ...serving] },
    },
    {
        title: "a new run, and the old Job remains",
        edits: { "ml-platform:training.runId": "digits-2" },
        expected: { create: ["Job training-digits-2"], forget: ["Job training-digits-1"] },
    },
    {
        title: "other arguments of the same run",
        edits: { "ml-platform:training.args": ["--epochs", "9"], "ml-platform:training.workingSet": "20Gi" },
        expected: {},
    },
    {
        title: "no TensorBoard",
        edits: { "ml-platform:training.tensorboard": undefined },
        expected: {
            delete: [
                "Tensorboard tensorboard",
                "Account tensorboard-account",
                "IAMMember tensorboard-binding",
                "BucketIAMMember tensorboard-reads-my-organization-ml-dev-checkpoints",
                ...tensorboard,
            ],
        },
    },
];

/** The resources of a plan by operation, sorted. */
function grouped(operations: Record<string, Operation>): Record<string, string[]> {
    const entries = Object.entries(operations);
    const kinds = [...new Set(entries.map(([, operation]) => operation))];
    return Object.fromEntries(kinds.map((kind) => [kind, entries.flatMap(([key, operation]) => (operation === kind ? [key] : [])).sort()]));
}

const sorted = (expected: Edit["expected"]) =>
    Object.fromEntries(Object.entries(expected).map(([operation, keys]) => [operation, [...keys].sort()]));

function check({ title, from = released, edits: changes, expected }: Edit): void {
    it(title, async () => {
        expect(grouped(await plan("dev", from, edited(from, changes)))).to.deep.equal(sorted(expected));
    });
}

describe("an edit of a stack file", () => {
    edits.forEach(check);
});

describe("an edit of a GPU pool", () => {
    poolEdits.forEach(check);

    it("is tested for each field of a pool", () => {
        expect(poolEdits.map(({ field }) => field)).to.have.members(Object.keys(poolSchema.shape));
    });

    it("replaces the node pool for the fields that docs/gpu.md lists, and for no other", () => {
        const [, list = ""] = /These fields replace the node pool [^:]*: ([^.]*)\./.exec(readFileSync("docs/gpu.md", "utf8")) ?? [];
        const documented = Array.from(list.matchAll(/`(\w+)`/g), ([, field]) => field);
        const replacing = poolEdits.filter(({ expected: { replace = [], delete: gone = [] } }) => [...replace, ...gone].length > 0);
        expect(documented).to.have.members(replacing.map(({ field }) => field));
    });
});

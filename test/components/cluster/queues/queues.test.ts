import { expect } from "chai";
import type { ClusterConfig } from "../../../../components/cluster/config";
import { GpuCluster } from "../../../../components/cluster/gpu-cluster";
import { Network } from "../../../../components/cluster/network/network";
import { Queues } from "../../../../components/cluster/queues/queues";
import { record, waitsFor, type Recording } from "../../recorded";
import { cluster, gpuPool } from "../../settings";

const RELEASE = "kubernetes:helm.sh/v3:Release";
const kueue = (kind: string) => `kubernetes:kueue.x-k8s.io/v1beta2:${kind}`;

const found = {
    name: "ml",
    id: "found",
    controlPlaneEndpointsConfigs: [{ dnsEndpointConfigs: [{ endpoint: "gke-3c4d.us-central1.gke.goog" }] }],
};

/** A cluster, and the queue of the namespace `training`. */
const made = (edits: Partial<ClusterConfig>): Promise<Recording> =>
    record(
        (options) => {
            const settings = cluster(edits);
            const network = settings.existing ? undefined : new Network("network", { ...settings.network, region: "us-central1" }, options);
            const { resource, provider } = new GpuCluster("cluster", { project: "my-project", cluster: settings, network }, options);
            const queues = new Queues("queues", { cluster: settings, deletedWith: resource }, { ...options, providers: [provider] });
            queues.localQueue("training", "training");
        },
        { call: () => found },
    );

const metadataOf = (recording: Recording, kind: string, name: string) =>
    recording.one(kueue(kind), name).inputs.metadata as { readonly name: string };

describe("Queues", () => {
    let recording: Recording;
    before(async () => {
        recording = await made({
            pools: [gpuPool(), gpuPool({ name: "flex", capacity: ["flex-start"], queuedProvisioning: true })],
        });
    });

    it("install Kueue's chart at one version, with webhooks that a private control plane reaches", () => {
        const { inputs } = recording.one(RELEASE, "queues-kueue");
        expect(inputs).to.deep.include({
            name: "kueue",
            namespace: "kueue-system",
            createNamespace: true,
            chart: "oci://registry.k8s.io/kueue/charts/kueue",
            version: "0.17.0",
        });
        const values = inputs.values as {
            controllerManager: object;
            webhookService: object;
            managerConfig: { controllerManagerConfigYaml: string };
        };
        expect(values.controllerManager).to.deep.equal({
            manager: { image: { repository: "registry.k8s.io/kueue/kueue", tag: "v0.17.0", pullPolicy: "IfNotPresent" } },
        });
        expect(values.webhookService).to.deep.equal({ ports: [{ port: 443, protocol: "TCP", targetPort: 10250 }] });
        expect(JSON.parse(values.managerConfig.controllerManagerConfigYaml)).to.deep.include({
            webhook: { port: 10250 },
            integrations: { frameworks: ["batch/job"] },
            managedJobsNamespaceSelector: { matchExpressions: [{ key: "ml-platform/stack", operator: "Exists" }] },
        });
    });

    it("are created after Kueue and deleted before it", () => {
        const order = Object.fromEntries(
            recording.resources.filter(({ name }) => name.startsWith("queues-")).map((one) => [one.name, waitsFor(one)]),
        );
        const priorities = ["queues-priority-high", "queues-priority-low", "queues-priority-normal"];
        const installed = ["queues-kueue", ...priorities];
        expect(order).to.deep.equal({
            "queues-kueue": [],
            ...Object.fromEntries(priorities.map((name) => [name, ["queues-kueue"]])),
            "queues-flavor-l4": installed,
            "queues-flavor-flex": installed,
            "queues-flex-start-config": installed,
            "queues-flex-start": ["queues-flex-start-config"],
            "queues-all-pools": ["queues-flavor-flex", "queues-flavor-l4", "queues-flex-start"],
        });
    });

    it("have a flavor for each pool and one cluster queue for all pools", () => {
        expect(metadataOf(recording, "ResourceFlavor", "queues-flavor-l4")).to.deep.equal({ name: "l4" });
        expect(recording.one(kueue("ResourceFlavor"), "queues-flavor-l4").inputs.spec).to.deep.include({
            nodeLabels: { "ml-platform/pool": "l4", "ml-platform/stack": "test", "cloud.google.com/gke-accelerator": "nvidia-l4" },
        });
        const { spec } = recording.one(kueue("ClusterQueue"), "queues-all-pools").inputs as {
            spec: { resourceGroups: { flavors: { name: string }[] }[]; admissionChecksStrategy: object };
        };
        expect(spec.resourceGroups.flatMap(({ flavors }) => flavors.map(({ name }) => name))).to.deep.equal(["l4", "flex"]);
        expect(spec.admissionChecksStrategy).to.deep.equal({ admissionChecks: [{ name: "flex-start", onFlavors: ["flex"] }] });
    });

    it("select the compute class of a pool with several sources of capacity, by the name that its pods select", async () => {
        const { spec } = (await made({ existing: true, pools: [gpuPool({ capacity: ["on-demand", "spot"] })] })).one(
            kueue("ResourceFlavor"),
            "queues-flavor-l4",
        ).inputs as { spec: { nodeLabels: Record<string, string> } };
        expect(spec.nodeLabels["cloud.google.com/compute-class"]).to.match(/^l4-test-[0-9a-f]{6}$/);
    });

    it("have a local queue in the namespace of the runs", () => {
        const { inputs } = recording.one(kueue("LocalQueue"), "training-queue");
        expect(inputs).to.deep.include({ metadata: { name: "runs", namespace: "training" }, spec: { clusterQueue: "runs" } });
    });

    it("are deleted with the cluster, so that an admitted run does not block its deletion", () => {
        const inside = recording.resources.filter(({ type }) => /helm|kueue/.test(type));
        expect(inside).to.have.length(10);
        const gke = recording.one("gcp:container/cluster:Cluster", "cluster").resource;
        expect(inside.every(({ options }) => options.deletedWith === gke)).to.equal(true);
    });

    it("install nothing in an existing cluster, and add the stack's name to cluster-wide objects", async () => {
        const existing = await made({ existing: true });
        expect(existing.names(RELEASE)).to.deep.equal([]);
        expect(existing.names(kueue("WorkloadPriorityClass"))).to.deep.equal([]);
        expect(metadataOf(existing, "ResourceFlavor", "queues-flavor-l4").name).to.match(/^l4-test-[0-9a-f]{6}$/);
        const { name } = metadataOf(existing, "ClusterQueue", "queues-all-pools");
        expect(name).to.match(/^runs-test-[0-9a-f]{6}$/);
        expect(existing.one(kueue("LocalQueue"), "training-queue").inputs.spec).to.deep.equal({ clusterQueue: name });
    });
});

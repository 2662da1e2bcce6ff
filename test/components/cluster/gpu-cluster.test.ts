import { expect } from "chai";
import { ArtifactRegistry } from "../../../components/registry/artifact-registry";
import type { ClusterConfig } from "../../../components/cluster/config";
import { GpuCluster } from "../../../components/cluster/gpu-cluster";
import { Network } from "../../../components/cluster/network/network";
import { record, valueOf, waitsFor } from "../recorded";
import { cluster, gpuPool, registry } from "../settings";

const CLUSTER = "gcp:container/cluster:Cluster";
const POOL = "gcp:container/nodePool:NodePool";
const CLASS = "kubernetes:cloud.google.com/v1:ComputeClass";

const found = {
    name: "ml",
    id: "found",
    endpoint: "203.0.113.9",
    masterAuths: [{ clusterCaCertificate: "Q0E=" }],
    controlPlaneEndpointsConfigs: [{ dnsEndpointConfigs: [{ endpoint: "gke-3c4d.us-central1.gke.goog" }] }],
};

async function made(edits: Partial<ClusterConfig> = {}, protect = false, exists: object = found) {
    let component: GpuCluster | undefined;
    const recording = await record(
        (options) => {
            const settings = cluster(edits);
            const network = settings.existing ? undefined : new Network("network", { ...settings.network, region: "us-central1" }, options);
            const { images } = new ArtifactRegistry("registry", { ...registry, project: "my-project", releasedImages: [] }, options);
            component = new GpuCluster("cluster", { project: "my-project", cluster: settings, network, images }, { ...options, protect });
        },
        { call: () => ({ ...exists }) },
    );
    return { recording, component: component as GpuCluster };
}

describe("GpuCluster", () => {
    let plain: Awaited<ReturnType<typeof made>>;
    before(async () => {
        plain = await made();
    });

    it("creates a cluster in the given network, after the NAT that its nodes need", () => {
        const { recording } = plain;
        expect(recording.one(CLUSTER, "cluster").inputs).to.deep.include({
            name: "ml",
            location: "us-central1",
            network: "links/network",
            subnetwork: "links/network-subnet",
            nodeConfig: { serviceAccount: "cluster-nodes@example" },
        });
        expect(waitsFor(recording.one(CLUSTER, "cluster"))).to.deep.equal([
            "cluster-nodes-pull",
            "cluster-nodes-role",
            "cluster-nodes-services",
            "network-nat",
        ]);
        expect(recording.one(CLUSTER, "cluster").options.ignoreChanges).to.deep.equal(["nodeConfig", "initialNodeCount"]);
    });

    it("creates the system pool, then the GPU pools, then the provider", () => {
        const { recording } = plain;
        expect(recording.names(POOL)).to.deep.equal(["cluster-l4", "cluster-system"]);
        expect(waitsFor(recording.one(POOL, "cluster-l4"))).to.include("cluster-system");
        expect(waitsFor(recording.one("pulumi:providers:kubernetes", "cluster-kubernetes"))).to.deep.equal([
            "cluster-l4",
            "cluster-system",
        ]);
    });

    it("generates the names of pools, so that a successor is created first, and lets the autoscaler own their size", () => {
        const pool = plain.recording.one(POOL, "cluster-l4");
        expect(pool.inputs).not.to.have.any.keys("name", "nodeCount");
        expect(pool.inputs).to.deep.include({ cluster: "ml", location: "us-central1" });
        expect(pool.options.ignoreChanges).to.deep.equal(["nodeCount", "initialNodeCount"]);
        expect(pool.options.deleteBeforeReplace).to.equal(undefined);
    });

    it("grants the node account the minimal roles", () => {
        const { recording } = plain;
        const roles = recording.resources.flatMap(({ inputs }) => (inputs.role === undefined ? [] : [inputs.role]));
        expect(roles.sort()).to.deep.equal([
            "roles/artifactregistry.reader",
            "roles/container.defaultNodeServiceAccount",
            "roles/serviceusage.serviceUsageConsumer",
        ]);
    });

    it("gives the provider a kubeconfig without a secret, and an identity that outlives certificates", async () => {
        const { recording, component } = plain;
        const provider = recording.one("pulumi:providers:kubernetes", "cluster-kubernetes");
        expect(provider.inputs.clusterIdentifier).to.equal("cluster-id");
        expect(await valueOf(component.kubeconfig))
            .to.include("https://gke-1a2b.us-central1.gke.goog")
            .and.to.include("gke-gcloud-auth-plugin")
            .and.not.to.include("certificate-authority");
    });

    it("protects a cluster with deletion protection, so that the preview refuses to delete it", async () => {
        const kept = await made({ deletionProtection: true });
        const free = await made({ deletionProtection: false });
        expect(kept.recording.one(CLUSTER, "cluster").options.protect).to.equal(true);
        expect(free.recording.one(CLUSTER, "cluster").options.protect).to.equal(undefined);
    });

    it("protects the cluster, and not the pools that may have to be replaced", async () => {
        const { recording } = await made({}, true);
        expect(recording.one(CLUSTER, "cluster").options.protect).not.to.equal(false);
        expect(recording.one(POOL, "cluster-l4").options.protect).to.equal(false);
    });

    it("has no compute class for a pool with one source of capacity", () => {
        expect(plain.recording.names(CLASS)).to.deep.equal([]);
    });

    it("tries the sources of capacity in their order", async () => {
        const { recording } = await made({ pools: [gpuPool({ capacity: [{ reservation: "team" }, "on-demand", "spot"] })] });
        expect(recording.names(POOL)).to.deep.equal([
            "cluster-l4-on-demand",
            "cluster-l4-reservation",
            "cluster-l4-spot",
            "cluster-system",
        ]);
        expect(recording.one(CLASS, "cluster-l4-class").inputs.spec).to.deep.equal({
            priorities: [
                { nodepools: ["cluster-l4-reservation-1a2b3c4"] },
                { nodepools: ["cluster-l4-on-demand-1a2b3c4"] },
                { nodepools: ["cluster-l4-spot-1a2b3c4"] },
            ],
            whenUnsatisfiable: "DoNotScaleUp",
        });
    });

    it("creates a node pool for each of two reservations", async () => {
        const { recording } = await made({ pools: [gpuPool({ capacity: [{ reservation: "first" }, { reservation: "second" }] })] });
        expect(recording.names(POOL)).to.deep.equal(["cluster-l4-reservation", "cluster-l4-reservation-second", "cluster-system"]);
    });

    it("keeps the names of node pools within GKE's limit", async () => {
        const { recording } = await made({ pools: [gpuPool({ name: "p".repeat(40), capacity: ["on-demand", "spot"] })] });
        const names = recording.names(POOL).filter((name) => name !== "cluster-system");
        expect(names).to.have.length(2);
        expect(names.filter((name) => `${name}-1a2b3c4`.length > 40)).to.deep.equal([]);
    });

    it("adds the stack's name to cluster-wide objects in a cluster of another stack", async () => {
        const { recording } = await made({ existing: true, pools: [gpuPool({ capacity: ["on-demand", "spot"] })] });
        const { metadata } = recording.one(CLASS, "cluster-l4-class").inputs as { metadata: { name: string } };
        expect(metadata.name).to.match(/^l4-[a-z0-9-]+-[0-9a-f]{6}$/);
        expect(recording.one(POOL, "cluster-l4-spot").inputs.nodeConfig).to.deep.include({
            taints: [
                { key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" },
                { key: "cloud.google.com/compute-class", value: metadata.name, effect: "NO_SCHEDULE" },
            ],
        });
    });

    it("creates only GPU pools in an existing cluster", async () => {
        const { recording, component } = await made({ existing: true });
        expect(recording.names(CLUSTER)).to.deep.equal([]);
        expect(recording.names(POOL)).to.deep.equal(["cluster-l4"]);
        expect(await valueOf(component.kubeconfig)).to.include("https://gke-3c4d.us-central1.gke.goog");
    });

    it("requires the Secret Manager add-on of an existing cluster only if a workload needs it", async () => {
        const on = [{ enabled: true }];
        const nameWith = async (secretManager: boolean, configs: object) =>
            valueOf((await made({ existing: true, secretManager }, false, { ...found, ...configs })).component.name);
        expect(await nameWith(false, {})).to.equal("ml");
        expect(await nameWith(true, { secretManagerConfigs: on, secretSyncConfigs: on })).to.equal("ml");
    });

    it("connects to the control plane by its IP address and its own certificate if configured", async () => {
        const byAddress = async (existing: boolean) => valueOf((await made({ endpoint: "ip", existing })).component.kubeconfig);
        expect(await byAddress(false))
            .to.include("https://203.0.113.7")
            .and.to.include('"certificate-authority-data":"Q0E="');
        expect(await byAddress(true))
            .to.include("https://203.0.113.9")
            .and.to.include('"certificate-authority-data":"Q0E="');
    });

    it("is the parent of all its resources", () => {
        const { recording, component } = plain;
        const own = recording.resources.filter(({ name }) => name.startsWith("cluster-"));
        expect(own).to.have.length(7);
        expect(own.every(({ options }) => options.parent === component)).to.equal(true);
    });
});

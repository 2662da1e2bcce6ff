import { ClusterManagerClient, v1beta1 } from "@google-cloud/container";
import { expect } from "chai";
import { ApiUnderTest } from "../test-api";
import { clientOptions } from "./client-options";

const PARENT = "projects/p/locations/us-central1";
const ML = `${PARENT}/clusters/ml`;
const GPU = `${ML}/nodePools/gpu`;

describe("@google-cloud/container", () => {
    let api: ApiUnderTest;
    let client: ClusterManagerClient;
    let beta: v1beta1.ClusterManagerClient;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
        const options = clientOptions(api);
        client = new ClusterManagerClient(options);
        beta = new v1beta1.ClusterManagerClient(options);
    });

    afterEach(async () => {
        await client.close();
        await beta.close();
        api.stop();
    });

    const refusal = async (work: Promise<unknown>): Promise<string> => {
        try {
            await work;
        } catch (error) {
            const { status, message } = (JSON.parse((error as Error).message) as { error: { status: string; message: string } }).error;
            return `${status}: ${message}`;
        }
        return "it succeeded";
    };
    const createCluster = async () => {
        const [operation] = await client.createCluster({ parent: PARENT, cluster: { name: "ml", initialNodeCount: 1 } });
        return operation;
    };
    const gpu = {
        name: "gpu",
        autoscaling: { enabled: true, totalMaxNodeCount: 2 },
        config: { machineType: "g2-standard-8", accelerators: [{ acceleratorType: "nvidia-l4", acceleratorCount: 1 }] },
    };

    it("creates, lists and deletes a cluster with operations that take time", async () => {
        let finish: () => void = () => undefined;
        api.clusters.before = (call) => (call.startsWith("create") ? new Promise((resolve) => (finish = resolve)) : undefined);
        const operation = await createCluster();
        expect([operation.operationType, operation.status, operation.location]).to.deep.equal(["CREATE_CLUSTER", "RUNNING", "us-central1"]);
        const [provisioning] = await client.getCluster({ name: ML });
        expect(provisioning.status).to.equal("PROVISIONING");
        expect(await refusal(client.deleteCluster({ name: ML }))).to.contain(
            `FAILED_PRECONDITION: Cluster is running incompatible operation ${String(operation.name)}.`,
        );
        finish();
        const [done] = await client.getOperation({ name: `${PARENT}/operations/${String(operation.name)}` });
        expect([done.status, done.endTime !== ""]).to.deep.equal(["DONE", true]);

        const [{ clusters }] = await client.listClusters({ parent: "projects/p/locations/-" });
        const [cluster] = clusters ?? [];
        expect([
            ...[cluster?.name, cluster?.status, cluster?.endpoint, cluster?.masterAuth?.clusterCaCertificate],
            ...[cluster?.locations?.length, cluster?.nodePools?.map(({ name, status, config }) => [name, status, config?.machineType])],
        ]).to.deep.equal(["ml", "RUNNING", "127.0.0.1:6443", "Q0E=", 3, [["default-pool", "RUNNING", "e2-medium"]]]);
        await client.deleteCluster({ name: ML });
        expect(await refusal(client.getCluster({ name: ML }))).to.equal(`NOT_FOUND: Not found: ${ML}.`);
        expect(api.clusters.calls.at(-1)).to.equal(`delete ${ML}`);
        expect(api.ledger.list()).to.deep.equal([]);
    });

    it("creates, lists, updates and deletes a node pool", async () => {
        await createCluster();
        await client.createNodePool({ parent: ML, nodePool: gpu });
        const [{ nodePools }] = await client.listNodePools({ parent: ML });
        expect(nodePools?.map(({ name }) => name)).to.deep.equal(["default-pool", "gpu"]);
        const [created] = await client.getNodePool({ name: GPU });
        expect([created.config?.taints, created.instanceGroupUrls?.length, created.version]).to.deep.equal([
            [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
            3,
            "1.36.3-gke.1000000",
        ]);
        await client.updateNodePool({ name: GPU, nodePoolId: "gpu", labels: { labels: { team: "ml" } }, locations: ["us-central1-a"] });
        await client.setNodePoolAutoscaling({ name: GPU, autoscaling: { enabled: true, totalMaxNodeCount: 4 } });
        await client.setNodePoolManagement({ name: GPU, management: { autoRepair: true } });
        await client.setNodePoolSize({ name: GPU, nodeCount: 1 });
        const [{ config, locations, autoscaling, management, etag }] = await beta.getNodePool({ name: GPU });
        expect([config?.labels, locations, autoscaling?.totalMaxNodeCount, management?.autoUpgrade]).to.deep.equal([
            { team: "ml" },
            ["us-central1-a"],
            4,
            false,
        ]);
        expect(etag).not.to.equal(created.etag);
        expect(api.clusters.calls.at(-1)).to.equal(`putPool ${ML} gpu g2-standard-8 us-central1-a`);
        await client.deleteNodePool({ name: GPU });
        expect(await refusal(client.getNodePool({ name: GPU }))).to.equal(`NOT_FOUND: Not found: ${GPU}.`);
    });

    it("updates a cluster, field by field", async () => {
        await createCluster();
        await client.updateCluster({ name: ML, update: { desiredReleaseChannel: { channel: "STABLE" } } });
        await client.updateCluster({ name: ML, update: { desiredAddonsConfig: { gcsFuseCsiDriverConfig: { enabled: true } } } });
        await client.updateCluster({ name: ML, update: { desiredGatewayApiConfig: { channel: "CHANNEL_STANDARD" } } });
        const [before] = await client.getCluster({ name: ML });
        const { labelFingerprint = "", etag = "" } = before;
        await client.setLabels({ name: ML, resourceLabels: { team: "ml" }, labelFingerprint });
        expect(await refusal(client.setLabels({ name: ML, resourceLabels: {}, labelFingerprint }))).to.contain(
            "Labels fingerprint doesn't match.",
        );
        expect(await refusal(client.updateCluster({ name: ML, update: { etag, desiredLocations: ["us-central1-a"] } }))).to.contain(
            "Etag doesn't match.",
        );
        await client.setMaintenancePolicy({
            ...{ name: ML, projectId: "p", zone: "us-central1", clusterId: "ml" },
            maintenancePolicy: { window: { dailyMaintenanceWindow: { startTime: "03:00" } } },
        });
        const [{ releaseChannel, addonsConfig, networkConfig, resourceLabels, maintenancePolicy }] = await client.getCluster({ name: ML });
        expect([
            ...[releaseChannel?.channel, addonsConfig?.gcsFuseCsiDriverConfig?.enabled, addonsConfig?.dnsCacheConfig?.enabled],
            ...[networkConfig?.gatewayApiConfig?.channel, resourceLabels, maintenancePolicy?.window?.dailyMaintenanceWindow?.startTime],
        ]).to.deep.equal(["STABLE", true, true, "CHANNEL_STANDARD", { team: "ml" }, "03:00"]);
        expect(
            await refusal(client.updateCluster({ name: ML, update: { desiredNodePoolAutoConfigNetworkTags: { tags: ["a"] } } })),
        ).to.contain("The sandbox does not simulate the update of desiredNodePoolAutoConfigNetworkTags.");
        expect(await refusal(client.updateCluster({ name: ML, update: {} }))).to.contain("Must specify a field to update.");
    });

    it("reports a failure in the operation and in the resource; the next update repairs it", async () => {
        await createCluster();
        api.clusters.before = () => {
            throw new Error("GCE_STOCKOUT");
        };
        const [{ name }] = await client.createNodePool({ parent: ML, nodePool: gpu });
        const [failed] = await client.getOperation({ name: `${PARENT}/operations/${String(name)}` });
        expect([failed.status, failed.error?.message, failed.statusMessage]).to.deep.equal(["DONE", "GCE_STOCKOUT", "GCE_STOCKOUT"]);
        const [{ status, conditions }] = await client.getNodePool({ name: GPU });
        expect([status, conditions?.map(({ message }) => message)]).to.deep.equal(["ERROR", ["GCE_STOCKOUT"]]);
        api.clusters.before = () => undefined;
        await client.updateNodePool({ name: GPU, nodePoolId: "gpu", nodeVersion: "-" });
        const [repaired] = await client.getNodePool({ name: GPU });
        expect([repaired.status, repaired.statusMessage]).to.deep.equal(["RUNNING", ""]);
    });

    it("reports existing resources, and operations that do not exist", async () => {
        await createCluster();
        expect(await refusal(createCluster())).to.equal(`ALREADY_EXISTS: Already exists: ${ML}.`);
        const missing = `${PARENT}/operations/operation-1`;
        expect(await refusal(client.getOperation({ name: missing }))).to.equal(`NOT_FOUND: Not found: ${missing}.`);
        const [{ operations }] = await client.listOperations({ parent: PARENT });
        expect(operations?.map(({ operationType }) => operationType)).to.deep.equal(["CREATE_CLUSTER"]);
        const [{ validMasterVersions }] = await client.getServerConfig({ name: PARENT });
        expect(validMasterVersions).to.deep.equal(["1.36.3-gke.1000000"]);
    });
});

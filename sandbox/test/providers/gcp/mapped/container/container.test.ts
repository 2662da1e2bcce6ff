import { expect } from "chai";
import type { JsonObject } from "../../../../../cloud/json";
import type { Properties } from "../../../../../providers/property-values";
import { InitFailed } from "../../../../../providers/provider";
import { MappedProvider, refusal } from "../mapped-provider";
import { changed, cluster, CLUSTER, GPU, ML, NODE_POOL, pool } from "./inputs";

describe("clusters and node pools of the provider", () => {
    let gcp: MappedProvider;

    beforeEach(async () => {
        gcp = await MappedProvider.start();
    });

    afterEach(() => {
        gcp.stop();
    });

    /** The inputs in the ledger, in Google's JSON. */
    const stored = (id: string): JsonObject => gcp.ledger.list().find((entry) => entry.id === id)?.inputs ?? {};
    const create = async (): Promise<void> => {
        await gcp.create(CLUSTER, cluster);
        await gcp.create(NODE_POOL, pool);
    };

    it("creates both, without the default pool, and finds no change when it reads them", async () => {
        const { id, outputs } = await gcp.create(CLUSTER, cluster);
        const { endpoint, masterVersion, controlPlaneEndpointsConfig, nodeLocations, selfLink } = outputs;
        expect([id, endpoint, masterVersion, controlPlaneEndpointsConfig, nodeLocations, selfLink]).to.deep.equal([
            ...[ML, "127.0.0.1:6443", "1.36.3-gke.1000000"],
            { dnsEndpointConfig: { allowExternalTraffic: true, endpoint: "127.0.0.1:6443" }, ipEndpointsConfig: { enabled: true } },
            ["us-central1-a", "us-central1-b", "us-central1-c"],
            `https://container.googleapis.com/v1beta1/${ML}`,
        ]);
        const made = await gcp.create(NODE_POOL, pool);
        expect([made.id, made.outputs.nodeCount, (made.outputs.instanceGroupUrls as string[]).length]).to.deep.equal([GPU, 0, 2]);
        expect(made.outputs.managedInstanceGroupUrls).to.deep.equal(
            (made.outputs.instanceGroupUrls as string[]).map((url) =>
                url.replace("instanceGroupManagers", "instanceGroups").replace("/v1/", "/beta/"),
            ),
        );
        expect((made.outputs.nodeConfig as Properties).effectiveTaints).to.deep.equal((pool.nodeConfig as Properties).taints);
        expect(gcp.clusters.calls).to.deep.equal([
            `create ${ML}`,
            `putPool ${ML} default-pool e2-medium us-central1-a,us-central1-b,us-central1-c`,
            `deletePool ${ML} default-pool`,
            `putPool ${ML} gpu g2-standard-8 us-central1-a,us-central1-b`,
        ]);
        for (const [type, id, inputs] of [
            [CLUSTER, ML, cluster],
            [NODE_POOL, GPU, pool],
        ] as const) {
            expect((await gcp.read(type, id, inputs))?.inputs).to.deep.equal({ ...inputs, __defaults: [] });
        }
    });

    it("sends each change of a cluster as the update of its field", async () => {
        await create();
        const edits: readonly (readonly [path: string, value: Properties[string]])[] = [
            ["releaseChannel.channel", "STABLE"],
            ["gatewayApiConfig.channel", "CHANNEL_DISABLED"],
            ["nodePoolDefaults.nodeConfigDefaults.gcfsConfig.enabled", false],
            ["privateClusterConfig.enablePrivateEndpoint", false],
            ["masterAuthorizedNetworksConfig.cidrBlocks", [{ cidrBlock: "203.0.113.0/24", displayName: "office" }]],
            ["maintenancePolicy.maintenanceExclusions", []],
            ["resourceLabels", { team: "ml" }],
            ["monitoringConfig.managedPrometheus.enabled", false],
            ["deletionProtection", true],
        ];
        let inputs = cluster;
        for (const [path, value] of edits) {
            const next = changed(inputs, path, value);
            await gcp.update(CLUSTER, ML, inputs, next);
            expect((await gcp.read(CLUSTER, ML, next))?.inputs, path).to.deep.equal({ ...next, __defaults: [] });
            inputs = next;
        }
        const { controlPlaneEndpointsConfig, maintenancePolicy, resourceLabels, networkConfig } = stored(ML);
        expect([controlPlaneEndpointsConfig, maintenancePolicy, resourceLabels, networkConfig]).to.deep.equal([
            {
                dnsEndpointConfig: { allowExternalTraffic: true },
                ipEndpointsConfig: {
                    enablePublicEndpoint: true,
                    authorizedNetworksConfig: { enabled: true, cidrBlocks: [{ cidrBlock: "203.0.113.0/24", displayName: "office" }] },
                },
            },
            {
                window: {
                    recurringWindow: {
                        recurrence: "FREQ=WEEKLY;BYDAY=SA,SU",
                        window: { startTime: "2026-01-03T02:00:00Z", endTime: "2026-01-03T10:00:00Z" },
                    },
                },
            },
            { "goog-pulumi-provisioned": "true", team: "ml" },
            {
                ...{ datapathProvider: "ADVANCED_DATAPATH", defaultEnablePrivateNodes: true, enableFqdnNetworkPolicy: true },
                gatewayApiConfig: { channel: "CHANNEL_DISABLED" },
            },
        ]);
    });

    it("sends each change of a node pool with the method for its field", async () => {
        await create();
        const edits: readonly (readonly [path: string, value: Properties[string]])[] = [
            ["autoscaling.totalMaxNodeCount", 6],
            ["nodeConfig.machineType", "g2-standard-12"],
            ["nodeConfig.diskSizeGb", 200],
            ["nodeConfig.imageType", "UBUNTU_CONTAINERD"],
            ["nodeConfig.labels", { team: "a" }],
            ["nodeConfig.taints", [{ key: "team", value: "a", effect: "NO_EXECUTE" }]],
            ["nodeConfig.resourceLabels", { team: "a" }],
            ["nodeConfig.tags", ["a"]],
            ["nodeConfig.gvnic.enabled", false],
            ["nodeConfig.kubeletConfig", { cpuManagerPolicy: "static", insecureKubeletReadonlyPortEnabled: "TRUE" }],
            ["nodeLocations", ["us-central1-a"]],
            ["management.autoUpgrade", false],
            ["networkConfig.enablePrivateNodes", false],
            ["upgradeSettings", { strategy: "BLUE_GREEN", blueGreenSettings: { nodePoolSoakDuration: "300s" } }],
            ["version", "1.36.3-gke.1000000"],
            ["autoscaling", undefined],
        ];
        let inputs = pool;
        for (const [path, value] of edits) {
            const next = changed(inputs, path, value);
            await gcp.update(NODE_POOL, GPU, inputs, next);
            expect((await gcp.read(NODE_POOL, GPU, next))?.inputs, path).to.deep.equal({ ...next, __defaults: [] });
            inputs = next;
        }
        const { locations, autoscaling, management, config } = stored(GPU);
        expect([locations, autoscaling, management, (config as JsonObject).diskSizeGb]).to.deep.equal([
            ...[["us-central1-a"], {}, { autoRepair: true }, 200],
        ]);
        expect(gcp.clusters.calls.at(-1)).to.equal(`putPool ${ML} gpu g2-standard-12 us-central1-a`);
    });

    it("sets the number of nodes, and refuses two numbers for a new pool", async () => {
        await gcp.create(CLUSTER, cluster);
        const { initialNodeCount: _, autoscaling: __, ...fixed } = pool;
        expect(await refusal(gcp.create(NODE_POOL, { ...pool, nodeCount: 1 }))).to.equal(
            "Cannot set both initial_node_count and node_count on node pool",
        );
        const { outputs } = await gcp.create(NODE_POOL, { ...fixed, nodeCount: 1 });
        expect([outputs.nodeCount, outputs.initialNodeCount]).to.deep.equal([1, 1]);
        expect((await gcp.update(NODE_POOL, GPU, { ...fixed, nodeCount: 1 }, { ...fixed, nodeCount: 3 })).nodeCount).to.equal(3);
    });

    it("reports local SSDs that a machine type includes, but no taint that GKE adds", async () => {
        await gcp.create(CLUSTER, cluster);
        const guestAccelerators = [{ type: "nvidia-h100-80gb", count: 8 }];
        const silent = { ...pool, nodeLocations: ["us-central1-a"], nodeConfig: { machineType: "a3-highgpu-8g", guestAccelerators } };
        await gcp.create(NODE_POOL, silent);
        const read = await gcp.read(NODE_POOL, GPU, silent);
        expect(read?.inputs.nodeConfig).to.deep.equal({ ...silent.nodeConfig, ephemeralStorageLocalSsdConfig: { localSsdCount: 16 } });
        const { effectiveTaints } = read?.outputs.nodeConfig as Properties;
        expect(effectiveTaints).to.deep.equal([{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }]);
    });

    it("detects changes of a cluster or a node pool that others made", async () => {
        await create();
        for (const [id, change] of [
            [ML, { releaseChannel: { channel: "RAPID" } }],
            [GPU, { management: {} }],
        ] as const) {
            const entry = gcp.ledger.list().find((candidate) => candidate.id === id);
            if (entry !== undefined) {
                gcp.ledger.put({ ...entry, inputs: { ...entry.inputs, ...change } });
            }
        }
        expect((await gcp.read(CLUSTER, ML, cluster))?.inputs.releaseChannel).to.deep.equal({ channel: "RAPID" });
        expect((await gcp.read(NODE_POOL, GPU, pool))?.inputs.management).to.deep.equal({});
    });

    it("keeps a pool that failed, and repairs it with the next update", async () => {
        await gcp.create(CLUSTER, cluster);
        gcp.clusters.before = () => {
            throw new Error("GCE_STOCKOUT");
        };
        const failure = await gcp.create(NODE_POOL, pool).catch((error: unknown) => error);
        expect([failure instanceof InitFailed && failure.reasons, failure instanceof InitFailed && failure.existing.id]).to.deep.equal([
            ["GCE_STOCKOUT"],
            GPU,
        ]);
        expect(await refusal(gcp.read(NODE_POOL, GPU, pool))).to.equal("GCE_STOCKOUT");
        gcp.clusters.before = () => undefined;
        await gcp.update(NODE_POOL, GPU, pool, pool);
        expect((await gcp.read(NODE_POOL, GPU, pool))?.id).to.equal(GPU);
    });

    it("waits while another operation runs on the cluster", async () => {
        await gcp.create(CLUSTER, cluster);
        let finish: () => void = () => undefined;
        gcp.clusters.before = () => new Promise((resolve) => (finish = resolve));
        const creation = gcp.create(NODE_POOL, pool);
        while (gcp.ledger.list().every(({ id }) => id !== GPU)) {
            await new Promise((resolve) => setImmediate(resolve));
        }
        const deletion = gcp.delete(CLUSTER, ML, cluster);
        await new Promise((resolve) => setTimeout(resolve, 50));
        expect(gcp.ledger.list().map(({ status }) => status)).to.deep.equal(["RUNNING", "PROVISIONING"]);
        gcp.clusters.before = () => undefined;
        finish();
        // The creation may find that its pool is already deleted.
        await Promise.all([creation.catch(() => undefined), deletion]);
        expect(gcp.ledger.list()).to.deep.equal([]);
    });

    it("refuses to delete a protected cluster; clusters are protected by default", async () => {
        await create();
        for (const inputs of [changed(cluster, "deletionProtection", true), changed(cluster, "deletionProtection", undefined)]) {
            expect(await refusal(gcp.delete(CLUSTER, ML, inputs))).to.contain(
                "Cannot destroy cluster because deletion_protection is set to true",
            );
        }
        await gcp.delete(NODE_POOL, GPU, pool);
        await gcp.delete(CLUSTER, ML, cluster);
        expect(gcp.ledger.list()).to.deep.equal([]);
    });

    it("finds only resources that an interrupted update created", async () => {
        await create();
        for (const [type, id, inputs, other] of [
            [CLUSTER, ML, cluster, changed(cluster, "releaseChannel.channel", "RAPID")],
            [NODE_POOL, GPU, pool, changed(pool, "nodeConfig.spot", true)],
        ] as const) {
            const found = [inputs, other].map((asked) => gcp.existingId(type, asked));
            expect(found).to.deep.equal([id, undefined]);
        }
    });
});

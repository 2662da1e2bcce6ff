import { expect } from "chai";
import { Gke } from "../../../../cloud/handlers/container/gke";
import { Resources } from "../../../../cloud/handlers/common/resources";
import type { JsonObject } from "../../../../cloud/json";
import { ApiUnderTest } from "../../test-api";

const API = "container.googleapis.com/v1";
const PARENT = `${API}/projects/p/locations/us-central1/clusters`;
const ML = `${PARENT}/ml`;
const ID = "projects/p/locations/us-central1/clusters/ml";
const CREATE = `create ${ID}`;
const PUT_POOL = `putPool ${ID} gpu g2-standard-8 us-central1-a,us-central1-b,us-central1-c`;

describe("GKE", () => {
    let api: ApiUnderTest;

    beforeEach(async () => {
        api = await ApiUnderTest.start();
    });

    afterEach(() => {
        api.stop();
    });

    const createCluster = (cluster: JsonObject = {}, parent = PARENT) =>
        api.call("POST", parent, { cluster: { name: "ml", initialNodeCount: 1, ...cluster } });
    const refusedCluster = (cluster: JsonObject) =>
        api.refusal("POST", PARENT, { cluster: { name: "ml", initialNodeCount: 1, ...cluster } });
    const createPool = (pool: JsonObject) => api.call("POST", `${ML}/nodePools`, { nodePool: { name: "gpu", ...pool } });
    const refusedPool = (pool: JsonObject) => api.refusal("POST", `${ML}/nodePools`, { nodePool: { name: "gpu", ...pool } });
    const pool = async (name = "gpu") => (await api.call("GET", `${ML}/nodePools/${name}`)).body as JsonObject;
    /** A pool of machines with H100 GPUs. */
    const h100 = (change: JsonObject = {}, locations: readonly string[] = ["us-central1-a"]): JsonObject => ({
        locations,
        config: { machineType: "a3-highgpu-8g", accelerators: [{ acceleratorType: "nvidia-h100-80gb", acceleratorCount: 8 }], ...change },
    });

    describe("fills in a cluster", () => {
        it("with a default pool, unless the request has pools or Autopilot", async () => {
            await createCluster({}, `${API}/projects/p/locations/us-east1-d/clusters`);
            const id = "projects/p/locations/us-east1-d/clusters/ml";
            expect(api.clusters.calls).to.deep.equal([`create ${id}`, `putPool ${id} default-pool e2-medium us-east1-d`]);
            await createCluster({ name: "own", initialNodeCount: 0, nodePools: [{ name: "one", initialNodeCount: 1 }] });
            await createCluster({ name: "auto", initialNodeCount: 0, autopilot: { enabled: true } });
            const { body } = await api.call("GET", `${API}/projects/p/locations/-/clusters`);
            const clusters = body.clusters as { name: string; nodePools?: { name: string }[]; currentNodeCount?: number }[];
            expect(
                clusters.map(({ name, nodePools, currentNodeCount }) => [name, nodePools?.map((of) => of.name), currentNodeCount]),
            ).to.deep.equal([
                ["auto", undefined, undefined],
                ["own", ["one"], 3],
                ["ml", ["default-pool"], 1],
            ]);
        });

        it("with its initial number of nodes, even after its default pool is deleted", async () => {
            await createCluster({ initialNodeCount: 1 });
            await api.call("DELETE", `${ML}/nodePools/default-pool`);
            const { body } = await api.call("GET", ML);
            expect([body.initialNodeCount, body.nodePools]).to.deep.equal([1, undefined]);
        });

        it("with addresses, versions and settings, and keeps what the request disables", async () => {
            await createCluster({
                shieldedNodes: { enabled: false },
                addonsConfig: { gcePersistentDiskCsiDriverConfig: { enabled: false } },
                privateClusterConfig: { enablePrivateNodes: true, masterIpv4CidrBlock: "172.16.0.0/28" },
                controlPlaneEndpointsConfig: { ipEndpointsConfig: { enablePublicEndpoint: false } },
            });
            const { body } = await api.call("GET", ML);
            const { shieldedNodes, addonsConfig, privateClusterConfig, controlPlaneEndpointsConfig, servicesIpv4Cidr, network } = body;
            const endpoint = "127.0.0.1:6443";
            expect({
                shieldedNodes,
                addonsConfig,
                privateClusterConfig,
                controlPlaneEndpointsConfig,
                servicesIpv4Cidr,
                network,
            }).to.deep.equal({
                shieldedNodes: {},
                addonsConfig: {
                    kubernetesDashboard: { disabled: true },
                    dnsCacheConfig: { enabled: true },
                    networkPolicyConfig: { disabled: true },
                    gcePersistentDiskCsiDriverConfig: {},
                },
                privateClusterConfig: {
                    ...{ enablePrivateNodes: true, masterIpv4CidrBlock: "172.16.0.0/28", enablePrivateEndpoint: true },
                    ...{ privateEndpoint: endpoint, publicEndpoint: endpoint },
                },
                controlPlaneEndpointsConfig: {
                    dnsEndpointConfig: { endpoint },
                    ipEndpointsConfig: { enabled: true, enablePublicEndpoint: false, privateEndpoint: endpoint },
                },
                servicesIpv4Cidr: "34.118.224.0/20",
                network: "default",
            });
        });
    });

    describe("fills in a node pool", () => {
        it("with the nodes' taints, billing labels and built-in local SSDs", async () => {
            await createCluster();
            await createPool(h100({ spot: true, resourceLabels: { team: "ml" } }));
            const { config } = (await pool()) as { config: JsonObject };
            expect([config.taints, config.resourceLabels, config.ephemeralStorageLocalSsdConfig, config.bootDisk]).to.deep.equal([
                [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
                { team: "ml", "goog-gke-accelerator-type": "nvidia-h100-80gb", "goog-gke-node-pool-provisioning-model": "spot" },
                { localSsdCount: 16 },
                { diskType: "pd-balanced", sizeGb: "100" },
            ]);
            const labels = async (name: string, config: JsonObject): Promise<unknown> => {
                await createPool({ name, config });
                return ((await pool(name)).config as { resourceLabels: JsonObject }).resourceLabels[
                    "goog-gke-node-pool-provisioning-model"
                ];
            };
            expect([
                await labels("a", {}),
                await labels("b", { flexStart: true }),
                await labels("c", { reservationAffinity: { consumeReservationType: "SPECIFIC_RESERVATION" } }),
            ]).to.deep.equal(["on-demand", "flex-start", "reservation"]);
        });

        it("with the network of its cluster, unless it has its own", async () => {
            await createCluster({ networkConfig: { defaultEnablePrivateNodes: true } });
            await createPool({});
            expect((await pool()).networkConfig).to.deep.equal({ enablePrivateNodes: true });
            await api.call("PUT", `${ML}/nodePools/gpu`, { nodeNetworkConfig: { enablePrivateNodes: false } });
            expect((await pool()).networkConfig).to.deep.equal({ enablePrivateNodes: false });
        });

        it("with one instance group per zone; Compute Engine reports its size", async () => {
            await createCluster();
            await createPool({ autoscaling: { enabled: true, maxNodeCount: 4 } });
            api.clusters.nodes = 4;
            const sizes = async () => {
                const zones = ["us-central1-a", "us-central1-b", "us-central1-c"];
                const lists = zones.map((zone) =>
                    api.call("GET", `compute.googleapis.com/compute/beta/projects/p/zones/${zone}/instanceGroupManagers`),
                );
                return (await Promise.all(lists)).map(({ body }) =>
                    (body.items as { targetSize: number }[]).map(({ targetSize }) => targetSize),
                );
            };
            expect(await sizes()).to.deep.equal([
                [1, 2],
                [1, 1],
                [1, 1],
            ]);
            await api.call("POST", `${ML}/nodePools/default-pool:setSize`, { nodeCount: 0 });
            expect((await sizes())[0]).to.deep.equal([0, 2]);
        });
    });

    describe("refuses", () => {
        it("a cluster without nodes, in a location or a network that does not exist", async () => {
            expect(await refusedCluster({ initialNodeCount: 0 })).to.equal(
                "400 INVALID_ARGUMENT: Cluster.initial_node_count must be greater than zero.",
            );
            expect(
                await api.refusal("POST", PARENT.replace("central1", "central9"), { cluster: { name: "ml", initialNodeCount: 1 } }),
            ).to.contain("Permission denied on 'locations/us-central9'");
            for (const network of ["net", "projects/p/global/networks/net"]) {
                expect(await refusedCluster({ network })).to.equal(
                    "404 NOT_FOUND: The resource 'projects/p/global/networks/net' was not found",
                );
            }
            expect([api.clusters.calls, api.ledger.list()]).to.deep.equal([[], []]);
        });

        it("a subnetwork of another network", async () => {
            const [net, other] = ["projects/p/global/networks/net", "projects/p/global/networks/other"];
            const subnetwork = "projects/p/regions/us-central1/subnetworks/s";
            const secondaryIpRanges = [{ rangeName: "pods", ipCidrRange: "10.4.0.0/14" }];
            const entry = new Resources(api.ledger, "compute.googleapis.com/Network").draft(net, {});
            for (const [type, id, inputs] of [
                ["Network", net, {}],
                ["Network", other, {}],
                ["Subnetwork", subnetwork, { network: `https://www.googleapis.com/compute/v1/${net}`, secondaryIpRanges }],
            ] as const) {
                api.ledger.put({ ...entry, type: `compute.googleapis.com/${type}`, id, inputs });
            }
            expect(await refusedCluster({ network: other, subnetwork })).to.equal(
                '400 INVALID_ARGUMENT: Subnetwork "s" is not valid for Network "other".',
            );
            await createCluster({ network: "net", subnetwork: "s", ipAllocationPolicy: { clusterSecondaryRangeName: "pods" } });
            const { networkConfig, clusterIpv4Cidr } = (await api.call("GET", ML)).body;
            expect([networkConfig, clusterIpv4Cidr]).to.deep.equal([
                { network: net, subnetwork, serviceExternalIpsConfig: {} },
                "10.4.0.0/14",
            ]);
        });

        it("a pool of a cluster that does not exist, and one with a wrong range of nodes", async () => {
            expect(await refusedPool({})).to.equal(`404 NOT_FOUND: Not found: ${ID}.`);
            await createCluster();
            expect(await refusedPool({ autoscaling: { enabled: true, minNodeCount: 3, maxNodeCount: 2 } })).to.contain(
                "Autoscaling.minNodeCount (3) must not be greater than Autoscaling.maxNodeCount (2)",
            );
        });

        it("an accelerator that does not exist, and local SSDs that the machine type cannot have", async () => {
            await createCluster();
            const wrong = { accelerators: [{ acceleratorType: "nvidia-h100", acceleratorCount: 8 }] };
            expect(await refusedPool(h100(wrong))).to.contain('Accelerator type "nvidia-h100" does not exist');
            expect(await refusedPool(h100({}, ["us-central1-a", "us-central1-f"]))).to.contain("does not exist in zone us-central1-f");
            expect(await refusedPool(h100({ ephemeralStorageLocalSsdConfig: { localSsdCount: 3 } }))).to.contain(
                "Machine type a3-highgpu-8g does not support 3 local SSDs",
            );
            expect((await createPool(h100({ ephemeralStorageLocalSsdConfig: { localSsdCount: 16 } }))).status).to.equal(200);
        });

        it("queued provisioning without what it needs", async () => {
            await createCluster();
            const queued = (change: JsonObject): JsonObject => ({
                queuedProvisioning: { enabled: true },
                autoscaling: { enabled: true, totalMaxNodeCount: 2, locationPolicy: "ANY" },
                config: { flexStart: true, reservationAffinity: { consumeReservationType: "NO_RESERVATION" } },
                ...change,
            });
            for (const [change, problem] of [
                [{ config: { flexStart: true } }, "requires reservation affinity to be set to none"],
                [{ autoscaling: {} }, "requires autoscaling to be enabled"],
                [{ initialNodeCount: 1 }, "requires a node pool that starts from zero nodes"],
                [
                    { autoscaling: { enabled: true, totalMinNodeCount: 1, totalMaxNodeCount: 2 } },
                    "requires a node pool that starts from zero nodes",
                ],
                [{ placementPolicy: { type: "COMPACT" } }, "does not support compact placement"],
            ] as const) {
                expect(await refusedPool(queued(change))).to.equal(`400 INVALID_ARGUMENT: Queued_provisioning ${problem}`);
            }
            expect((await createPool(queued({}))).status).to.equal(200);
        });

        it("an update to a version that it does not have", async () => {
            await createCluster();
            const update = (desiredMasterVersion: string) => api.refusal("PUT", ML, { update: { desiredMasterVersion } });
            expect(await update("1.20")).to.equal('400 INVALID_ARGUMENT: Master version "1.20" is unsupported.');
            expect(await update("1.36")).to.equal("200 : ");
        });
    });

    describe("after a restart of the daemon", () => {
        const crash = new Promise<never>(() => undefined);

        /** Recovers the clusters of the ledger, as the daemon does when it starts. @returns the ID, status and problem of each entry */
        async function restart(): Promise<readonly unknown[]> {
            api.clusters.calls.length = 0;
            const gke = new Gke(api.ledger, api.clusters, () => undefined);
            await gke.recover();
            return api.ledger.list().map(({ id, status, problem }) => [id, status, problem]);
        }

        beforeEach(async () => {
            await createCluster();
            await api.call("DELETE", `${ML}/nodePools/default-pool`);
            await createPool({ config: { machineType: "g2-standard-8" } });
        });

        it("restores clusters and node pools", async () => {
            expect(await restart()).to.deep.equal([
                [ID, "RUNNING", undefined],
                [`${ID}/nodePools/gpu`, "RUNNING", undefined],
            ]);
            expect(api.clusters.calls).to.deep.equal([CREATE, PUT_POOL]);
        });

        it("records clusters that it cannot restore, and restores the others", async () => {
            api.clusters.before = (call) => {
                if (call === CREATE) {
                    throw new Error("no port is free");
                }
            };
            expect(await restart()).to.deep.equal([
                [ID, "ERROR", "no port is free"],
                [`${ID}/nodePools/gpu`, "RUNNING", undefined],
            ]);
        });

        it("finishes a creation and a deletion that were interrupted", async () => {
            api.clusters.before = () => crash;
            await createCluster({ name: "other" });
            await api.call("DELETE", ML);
            expect(api.ledger.list().map(({ status }) => status)).to.deep.equal(["STOPPING", "RUNNING", "PROVISIONING", "PROVISIONING"]);
            api.clusters.before = () => undefined;
            const other = ID.replace("/ml", "/other");
            expect(await restart()).to.deep.equal([
                [other, "RUNNING", undefined],
                [`${other}/nodePools/default-pool`, "RUNNING", undefined],
            ]);
            expect(api.clusters.calls[0]).to.equal(`delete ${ID}`);
        });

        it("records a deletion that fails", async () => {
            api.clusters.before = (call) => {
                if (call.startsWith("delete")) {
                    throw new Error("a mount is busy");
                }
            };
            await api.call("DELETE", ML);
            const { status, statusMessage } = (await api.call("GET", ML)).body;
            expect([status, statusMessage]).to.deep.equal(["ERROR", "a mount is busy"]);
        });
    });
});

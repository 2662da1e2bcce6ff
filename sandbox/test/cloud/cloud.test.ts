import { expect } from "chai";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import * as path from "node:path";
import { setImmediate } from "node:timers/promises";
import { Cloud, HalfCreated } from "../../cloud/cloud";
import type { JsonObject } from "../../cloud/json";
import { Ledger } from "../../cloud/ledger";
import { diffInputs } from "../../providers/gcp/diff";
import type { Properties } from "../../providers/property-values";
import { FakeClusters } from "./gke/fake-clusters";

const TOPIC = "gcp:pubsub/topic:Topic";
const CLUSTER = "gcp:container/cluster:Cluster";
const NODE_POOL = "gcp:container/nodePool:NodePool";
const ALERT = "gcp:monitoring/alertPolicy:AlertPolicy";

const CLUSTER_ID = "projects/p/locations/us-central1/clusters/ml";
const cluster: JsonObject = {
    project: "p",
    location: "us-central1",
    name: "ml",
    initialNodeCount: 1,
    removeDefaultNodePool: true,
    deletionProtection: false,
};
const pool: JsonObject = { project: "p", cluster: CLUSTER_ID, name: "gpu", nodeConfig: { machineType: "g2-standard-8" } };
const POOL_ID = `${CLUSTER_ID}/nodePools/gpu`;
const CREATE = `create ${CLUSTER_ID}`;
const PUT_POOL = `putPool ${CLUSTER_ID} gpu g2-standard-8 us-central1-a,us-central1-b,us-central1-c`;

describe("Cloud", () => {
    let folder: string;
    let clusters: FakeClusters;
    let cloud: Cloud;

    /** The cloud after a restart: what is in memory is gone. */
    function restarted(): Cloud {
        return new Cloud({ ledger: Ledger.open(path.join(folder, "ledger.json")), clusters, registry: "127.0.0.1:5000" });
    }

    async function created(type: string, inputs: JsonObject): Promise<string> {
        const { id } = await cloud.create(type, inputs);
        cloud.claim(type, id);
        return id;
    }

    /** The error that a promise ends with. */
    async function refused(work: Promise<unknown>): Promise<Error> {
        try {
            await work;
        } catch (error) {
            return error as Error;
        }
        throw new Error("it succeeded");
    }

    async function refusal(work: Promise<unknown>): Promise<string> {
        return (await refused(work)).message;
    }

    beforeEach(() => {
        folder = mkdtempSync(path.join(tmpdir(), "cloud-"));
        clusters = new FakeClusters();
        cloud = restarted();
    });

    afterEach(() => {
        rmSync(folder, { recursive: true });
    });

    it("creates, reads, changes and deletes", async () => {
        const id = await created(TOPIC, { project: "p", name: "data" });
        expect(cloud.read(TOPIC, id).outputs.name).to.equal("data");
        await cloud.update(TOPIC, id, { project: "p", name: "data", labels: { a: "b" } });
        expect(cloud.read(TOPIC, id).outputs.effectiveLabels).to.deep.equal({ "goog-pulumi-provisioned": "true", a: "b" });
        await cloud.delete(TOPIC, id);
        expect(cloud.list()).to.deep.equal([]);
    });

    it("refuses what it does not know, and what is not there", async () => {
        expect(await refusal(cloud.create("gcp:sql/databaseInstance:DatabaseInstance", {}))).to.equal(
            "googleapi: Error 400: the simulated cloud does not support the type gcp:sql/databaseInstance:DatabaseInstance, badRequest",
        );
        expect(() => cloud.read(TOPIC, "none")).to.throw("googleapi: Error 404: The resource 'none' was not found, notFound");
        expect(await refusal(cloud.update(TOPIC, "none", {}))).to.contain("Error 404");
        expect(await refusal(cloud.delete(TOPIC, "none"))).to.contain("Error 404");
    });

    it("refuses a duplicate, whose inputs stay", async () => {
        const id = await created(TOPIC, { project: "p", name: "data", description: "first" });
        const answer = await refusal(cloud.create(TOPIC, { project: "p", name: "data", description: "second" }));
        expect(answer).to.equal(`googleapi: Error 409: Already exists: ${id}, alreadyExists`);
        expect(cloud.read(TOPIC, id).inputs.description).to.equal("first");
    });

    it("refuses a location that does not exist", async () => {
        const answer = await refusal(cloud.create(TOPIC, { project: "p", name: "data", location: "us-centrl1" }));
        expect(answer).to.contain("Error 403: Permission denied on 'locations/us-centrl1'");
        expect(cloud.list()).to.deep.equal([]);
    });

    it("refuses a reference to what is not there, by name, id or address", async () => {
        const references = [
            "net",
            "projects/p/global/networks/net",
            "https://www.googleapis.com/compute/v1/projects/p/global/networks/net",
        ];
        for (const network of references) {
            expect(await refusal(cloud.create(CLUSTER, { ...cluster, network }))).to.equal(
                "googleapi: Error 404: The resource 'projects/p/global/networks/net' was not found, notFound",
            );
        }
        const facts = { uuid: "u", status: "RUNNING", provisioned: {}, claimed: true, createdAt: "", updatedAt: "" } as const;
        const network = { type: "compute.googleapis.com/Network", id: "projects/p/global/networks/net", inputs: {}, ...facts };
        Ledger.open(path.join(folder, "ledger.json")).put(network);
        cloud = restarted();
        for (const network of references) {
            const { id } = await cloud.create(CLUSTER, { ...cluster, network });
            await cloud.delete(CLUSTER, id);
        }
    });

    describe("clusters and node pools", () => {
        it("makes a cluster and a pool, in the zones of the region", async () => {
            await created(CLUSTER, cluster);
            await created(NODE_POOL, pool);
            expect(clusters.calls).to.deep.equal([CREATE, PUT_POOL]);
            const { outputs, status } = cloud.read(CLUSTER, CLUSTER_ID);
            expect([outputs.endpoint, outputs.masterAuth, status]).to.deep.equal([
                "127.0.0.1:6443",
                { clusterCaCertificate: "Q0E=", clientCertificate: "", clientKey: "" },
                "RUNNING",
            ]);
            expect(cloud.read(NODE_POOL, POOL_ID).outputs.nodeLocations).to.deep.equal(["us-central1-a", "us-central1-b", "us-central1-c"]);
        });

        it("makes the default pool unless it is told not to", async () => {
            await created(CLUSTER, { ...cluster, location: "us-east1-d", removeDefaultNodePool: false });
            const id = "projects/p/locations/us-east1-d/clusters/ml";
            expect(clusters.calls).to.deep.equal([`create ${id}`, `putPool ${id} default-pool e2-medium us-east1-d`]);
        });

        /** A pool of machines with eight H100 each, which have sixteen local SSDs built in. */
        const h100 = (change: JsonObject, nodeLocations: readonly string[] = ["us-central1-a"]): JsonObject => ({
            ...pool,
            nodeLocations,
            nodeConfig: { machineType: "a3-highgpu-8g", guestAccelerators: [{ type: "nvidia-h100-80gb", count: 8 }], ...change },
        });

        it("refuses an accelerator in a zone that lacks it, and one that does not exist", async () => {
            await created(CLUSTER, cluster);
            expect(await refusal(cloud.create(NODE_POOL, h100({}, ["us-central1-a", "us-central1-f"])))).to.contain(
                'Error 400: Accelerator type "nvidia-h100-80gb" does not exist in zone us-central1-f',
            );
            expect(await refusal(cloud.create(NODE_POOL, h100({ guestAccelerators: [{ type: "nvidia-h100", count: 8 }] })))).to.contain(
                'Error 400: Accelerator type "nvidia-h100" does not exist',
            );
        });

        it("refuses a number of local SSDs that the machine type does not take", async () => {
            await created(CLUSTER, cluster);
            expect(await refusal(cloud.create(NODE_POOL, h100({ ephemeralStorageLocalSsdConfig: { localSsdCount: 3 } })))).to.contain(
                "Error 400: Machine type a3-highgpu-8g does not support 3 local SSDs",
            );
        });

        it("answers the local SSDs that are built in, which replaces a pool whose program does not name them", async () => {
            await created(CLUSTER, cluster);
            const silent = h100({});
            const id = await created(NODE_POOL, silent);
            const { ephemeralStorageLocalSsdConfig } = cloud.read(NODE_POOL, id).outputs.nodeConfig as JsonObject;
            expect(ephemeralStorageLocalSsdConfig).to.deep.equal({ localSsdCount: 16 });

            const refreshed = h100({ ephemeralStorageLocalSsdConfig });
            const replaces = (program: JsonObject) =>
                diffInputs(NODE_POOL, refreshed as Properties, program as Properties).changes.map(({ kind, replaces }) => [kind, replaces]);
            expect(replaces(silent)).to.deep.equal([["delete", true]]);
            expect(replaces(h100({ ephemeralStorageLocalSsdConfig: { localSsdCount: 16 } }))).to.deep.equal([]);
        });

        it("refuses queued provisioning without what it needs, and makes a pool with it", async () => {
            await created(CLUSTER, cluster);
            const queued = (change: JsonObject): JsonObject => ({
                ...pool,
                initialNodeCount: 0,
                queuedProvisioning: { enabled: true },
                autoscaling: { totalMinNodeCount: 0, totalMaxNodeCount: 2, locationPolicy: "ANY" },
                nodeConfig: { flexStart: true, reservationAffinity: { consumeReservationType: "NO_RESERVATION" } },
                ...change,
            });
            const refused = (change: JsonObject) => refusal(cloud.create(NODE_POOL, queued(change)));
            expect(await refused({ nodeConfig: { flexStart: true } })).to.contain(
                "Error 400: Queued_provisioning requires reservation affinity to be set to none",
            );
            expect(await refused({ autoscaling: null })).to.contain("Error 400: Queued_provisioning requires autoscaling to be enabled");
            for (const more of [{ initialNodeCount: 1 }, { autoscaling: { totalMinNodeCount: 1, totalMaxNodeCount: 2 } }]) {
                expect(await refused(more)).to.contain("Error 400: Queued_provisioning requires a node pool that starts from zero nodes");
            }
            expect(await refused({ placementPolicy: { type: "COMPACT" } })).to.contain(
                "Error 400: Queued_provisioning does not support compact placement",
            );
            expect(await created(NODE_POOL, queued({}))).to.equal(POOL_ID);
        });

        it("refuses a cluster without nodes", async () => {
            expect(await refusal(cloud.create(CLUSTER, { ...cluster, initialNodeCount: 0 }))).to.contain(
                "Error 400: Cluster.initial_node_count must be greater than zero",
            );
            expect(clusters.calls).to.deep.equal([]);
        });

        it("refuses a pool of a cluster that is not there", async () => {
            expect(await refusal(cloud.create(NODE_POOL, pool))).to.contain(`Error 404: The resource '${CLUSTER_ID}' was not found`);
        });

        it("refuses a pool with contradictory counts", async () => {
            await created(CLUSTER, cluster);
            expect(await refusal(cloud.create(NODE_POOL, { ...pool, nodeCount: 1, initialNodeCount: 1 }))).to.contain(
                "Cannot set both initial_node_count and node_count",
            );
            expect(await refusal(cloud.create(NODE_POOL, { ...pool, autoscaling: { minNodeCount: 3, maxNodeCount: 2 } }))).to.contain(
                "Autoscaling.minNodeCount (3) must not be greater than Autoscaling.maxNodeCount (2)",
            );
        });

        it("refuses to delete a protected cluster, and one is protected unless it says otherwise", async () => {
            await created(CLUSTER, { ...cluster, deletionProtection: undefined });
            expect(await refusal(cloud.delete(CLUSTER, CLUSTER_ID))).to.contain(
                "Cannot destroy cluster because deletion_protection is set to true",
            );
            await cloud.update(CLUSTER, CLUSTER_ID, cluster);
            await cloud.delete(CLUSTER, CLUSTER_ID);
            expect(clusters.calls.at(-1)).to.equal(`delete ${CLUSTER_ID}`);
        });

        it("deletes a cluster with its pools", async () => {
            await created(CLUSTER, cluster);
            await created(NODE_POOL, pool);
            await cloud.delete(CLUSTER, CLUSTER_ID);
            expect(cloud.list()).to.deep.equal([]);
        });

        it("keeps what became half of it, says why, and mends it with the next change", async () => {
            await created(CLUSTER, cluster);
            clusters.before = () => {
                throw new Error("GCE_STOCKOUT");
            };
            const error = await refused(cloud.create(NODE_POOL, pool));
            if (!(error instanceof HalfCreated)) {
                throw error;
            }
            expect([error.message, error.view.id, error.view.status]).to.deep.equal(["GCE_STOCKOUT", POOL_ID, "ERROR"]);
            expect(cloud.read(NODE_POOL, POOL_ID).problem).to.equal("GCE_STOCKOUT");
            clusters.before = () => undefined;
            const { status, problem } = await cloud.update(NODE_POOL, POOL_ID, pool);
            expect([status, problem]).to.deep.equal(["RUNNING", undefined]);
        });

        it("lets operations on one resource wait for each other", async () => {
            let release: () => void = () => undefined;
            const held = new Promise<void>((resolve) => {
                release = resolve;
            });
            clusters.before = () => held;
            const creation = cloud.create(CLUSTER, cluster);
            const deletion = cloud.delete(CLUSTER, CLUSTER_ID);
            await setImmediate();
            expect(cloud.read(CLUSTER, CLUSTER_ID).status).to.equal("PROVISIONING");
            release();
            await creation;
            await deletion;
            expect([clusters.calls, cloud.list()]).to.deep.equal([[CREATE, `delete ${CLUSTER_ID}`], []]);
        });
    });

    describe("after a crash", () => {
        const crash = new Promise<never>(() => undefined);

        it("brings back what exists", async () => {
            await created(CLUSTER, cluster);
            await created(NODE_POOL, pool);
            clusters.calls.length = 0;
            await restarted().recover();
            expect(clusters.calls).to.deep.equal([CREATE, PUT_POOL]);
        });

        it("notes what cannot be brought back, and brings back the rest", async () => {
            await created(CLUSTER, cluster);
            await created(NODE_POOL, pool);
            clusters.before = (call) => {
                if (call === CREATE) {
                    throw new Error("no port is free");
                }
            };
            const after = restarted();
            await after.recover();
            expect(after.list().map(({ id, status, problem }) => [id, status, problem])).to.deep.equal([
                [CLUSTER_ID, "ERROR", "no port is free"],
                [POOL_ID, "RUNNING", undefined],
            ]);
        });

        it("takes back a creation that nobody has heard of", async () => {
            clusters.before = () => crash;
            void cloud.create(CLUSTER, cluster);
            await setImmediate();
            clusters.before = () => undefined;
            const after = restarted();
            expect(after.read(CLUSTER, CLUSTER_ID).status).to.equal("PROVISIONING");
            await after.recover();
            expect([clusters.calls, after.list()]).to.deep.equal([[CREATE, `delete ${CLUSTER_ID}`], []]);
        });

        it("ends a deletion that was under way", async () => {
            await created(CLUSTER, cluster);
            await created(NODE_POOL, pool);
            clusters.before = () => crash;
            void cloud.delete(CLUSTER, CLUSTER_ID);
            await setImmediate();
            clusters.before = () => undefined;
            const after = restarted();
            expect(after.read(CLUSTER, CLUSTER_ID).status).to.equal("STOPPING");
            await after.recover();
            expect(after.list()).to.deep.equal([]);
        });

        it("hands what was created but never answered to who asks again, with the new inputs", async () => {
            await cloud.create(TOPIC, { project: "p", name: "data", description: "first" });
            const after = restarted();
            const view = await after.create(TOPIC, { project: "p", name: "data", description: "second" });
            expect([view.inputs.description, after.list().length]).to.deep.equal(["second", 1]);
            after.claim(TOPIC, view.id);
            expect(await refusal(after.create(TOPIC, { project: "p", name: "data" }))).to.contain("Error 409");
        });

        it("does so for generated ids when the inputs are the same", async () => {
            const alert = { project: "p", displayName: "errors", combiner: "OR" };
            const { id } = await cloud.create(ALERT, alert);
            const after = restarted();
            expect((await after.create(ALERT, alert)).id).to.equal(id);
            expect((await after.create(ALERT, { ...alert, combiner: "AND" })).id).not.to.equal(id);
        });
    });
});

import { ClusterManagerClient } from "@google-cloud/container";
import { expect } from "chai";
import { limitsOf, Quotas } from "../../../cloud/handlers/compute/quotas";
import { NodeQuotas } from "../../../cloud/handlers/container/node-quotas";
import { ApiUnderTest } from "../test-api";
import { clientOptions, refusal } from "./client-options";

const PARENT = "projects/p/locations/us-central1";
const ML = `${PARENT}/clusters/ml`;
const GPU = `${ML}/nodePools/gpu`;

describe("@google-cloud/container and the quotas of Compute Engine", () => {
    let api: ApiUnderTest;
    let client: ClusterManagerClient;
    let nodeQuotas: NodeQuotas;

    /** Starts the API and a cluster of one CPU node in each of three zones. @param limits as in SANDBOX_QUOTAS */
    async function start(limits: string): Promise<void> {
        api = await ApiUnderTest.start((ledger, gke) => {
            const quotas = new Quotas(ledger, () => gke.groupsOf(), limitsOf(limits));
            nodeQuotas = new NodeQuotas(gke, quotas);
            return quotas;
        });
        client = new ClusterManagerClient(clientOptions(api));
        await client.createCluster({ parent: PARENT, cluster: { name: "ml", initialNodeCount: 1 } });
    }

    afterEach(async () => {
        await client.close();
        api.stop();
    });

    /** The status and the message that the client reports. */
    const refused = async (work: Promise<unknown>): Promise<string> => {
        const text = await refusal(work);
        if (text === "") {
            return "";
        }
        const { error } = JSON.parse(text) as { error: { code: number; status: string; message: string } };
        return `${error.code} ${error.status}: ${error.message}`;
    };
    /** The part of a refusal about one quota. */
    const problem = (level: string, metric: string, required: string, short: string, quota: string, available = quota) =>
        `nsufficient ${level} quota to satisfy request: resource "${metric}": request requires '${required}' and is short '${short}'. ` +
        `project has a quota of '${quota}' with '${available}' available. ` +
        "View and manage quotas at https://console.cloud.google.com/iam-admin/quotas?usage=USED&project=p";
    const pool = (change: object = {}, config: object = {}) => ({
        ...{ name: "gpu", initialNodeCount: 1, locations: ["us-central1-a", "us-central1-b"] },
        config: { machineType: "g2-standard-8", accelerators: [{ acceleratorType: "nvidia-l4", acceleratorCount: 1 }], ...config },
        ...change,
    });
    const create = (nodePool: object) => client.createNodePool({ parent: ML, nodePool });

    it("refuses a pool with more GPUs than the quota of the region, and creates nothing", async () => {
        await start("NVIDIA_L4_GPUS=1,PREEMPTIBLE_NVIDIA_L4_GPUS=2");
        expect(await refused(create(pool()))).to.equal(
            `403 PERMISSION_DENIED: I${problem("regional", "NVIDIA_L4_GPUS", "2.0", "1.0", "1.0")}.`,
        );
        expect(await refused(client.getNodePool({ name: GPU }))).to.contain("404 NOT_FOUND");
        await create(pool({ locations: ["us-central1-a"] }));
        expect(await refused(create(pool({ name: "other", locations: ["us-central1-b"] })))).to.equal(
            `403 PERMISSION_DENIED: I${problem("regional", "NVIDIA_L4_GPUS", "1.0", "1.0", "1.0", "0.0")}.`,
        );
        await create(pool({ name: "spot" }, { spot: true }));
    });

    it("refuses GPUs of any kind in a new project, which has a global quota of 0", async () => {
        await start("GPUS_ALL_REGIONS=0");
        expect(await refused(create(pool({ locations: ["us-central1-a"] })))).to.equal(
            `403 PERMISSION_DENIED: I${problem("project", "GPUS_ALL_REGIONS", "1.0", "1.0", "0.0")}.`,
        );
        await create(pool({ initialNodeCount: 0, autoscaling: { enabled: true, totalMaxNodeCount: 8 } }));
    });

    it("numbers the quotas if a request exceeds several", async () => {
        await start("CPUS=12,SSD_TOTAL_GB=350");
        expect(await refused(create(pool()))).to.equal(
            `403 PERMISSION_DENIED: \n\t(1) i${problem("regional", "CPUS", "16.0", "10.0", "12.0", "6.0")}` +
                `\n\t(2) i${problem("regional", "SSD_TOTAL_GB", "200.0", "150.0", "350.0", "50.0")}.`,
        );
        await create(pool({ initialNodeCount: 0 }));
    });

    it("refuses a cluster with more nodes than the quotas, and creates nothing", async () => {
        await start("SSD_TOTAL_GB=500");
        const cluster = (change: object) =>
            refused(client.createCluster({ parent: PARENT, cluster: { name: "other", initialNodeCount: 1, ...change } }));
        expect(await cluster({})).to.equal(
            `403 PERMISSION_DENIED: I${problem("regional", "SSD_TOTAL_GB", "300.0", "100.0", "500.0", "200.0")}.`,
        );
        expect(api.ledger.list().filter(({ id }) => id.includes("/clusters/other"))).to.deep.equal([]);
        expect(await cluster({ nodePools: [pool(), pool({ name: "second" })] })).to.contain("request requires '400.0'");
        expect(await cluster({ nodeConfig: { diskType: "pd-standard" } })).to.equal("");
    });

    it("grows no pool beyond the quota, but shrinks it", async () => {
        await start("NVIDIA_L4_GPUS=2");
        await create(pool());
        const resize = (nodeCount: number) => refused(client.setNodePoolSize({ name: GPU, nodeCount }));
        expect(await resize(2)).to.equal(`403 PERMISSION_DENIED: I${problem("regional", "NVIDIA_L4_GPUS", "2.0", "2.0", "2.0", "0.0")}.`);
        expect([await resize(1), await resize(0), await resize(1)]).to.deep.equal(["", "", ""]);
    });

    it("lets an autoscaler add nodes up to the quota, whatever the minimum and the maximum of the pool", async () => {
        await start("NVIDIA_L4_GPUS=2");
        await create(pool({ initialNodeCount: 0, autoscaling: { enabled: true, totalMinNodeCount: 3, totalMaxNodeCount: 8 } }));
        const exceeded = [0, 1, 2].map((nodes) => {
            api.clusters.nodes = nodes;
            return nodeQuotas.exceededBy(ML, "gpu", 1);
        });
        expect(exceeded).to.deep.equal([undefined, undefined, "Quota 'NVIDIA_L4_GPUS' exceeded.  Limit: 2.0 in region us-central1."]);
        api.clusters.nodes = 0;
        expect(nodeQuotas.exceededBy(ML, "gpu", 3)).to.contain("NVIDIA_L4_GPUS");
        expect(nodeQuotas.exceededBy(ML, "deleted", 1)).to.equal(undefined);
    });
});

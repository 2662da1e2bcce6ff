import { expect } from "chai";
import { type InstanceGroup, limitsOf, needsOf, QuotaError, Quotas } from "../../../../cloud/handlers/compute/quotas";
import { ApiUnderTest } from "../../test-api";

const HOST = "compute.googleapis.com/compute/v1/projects/p";
const NODES: InstanceGroup = {
    id: "projects/p/zones/us-central1-a/instanceGroupManagers/gke-c-l4-grp",
    ...{ size: 2, machineType: "g2-standard-24", accelerator: { type: "nvidia-l4", count: 2 }, spot: false },
    disk: { type: "pd-balanced", sizeGb: 100 },
};

describe("quotas", () => {
    let api: ApiUnderTest;
    let groups: readonly InstanceGroup[];

    async function start(limits: string): Promise<Quotas> {
        groups = [];
        api = await ApiUnderTest.start((ledger) => new Quotas(ledger, () => groups, limitsOf(limits)));
        return new Quotas(api.ledger, () => groups, limitsOf(limits));
    }

    afterEach(() => {
        api.stop();
    });

    const quotaOf = async (path: string, metric: string): Promise<unknown> => {
        const { quotas } = (await api.call("GET", `${HOST}${path}`)).body as { quotas: readonly { metric: string }[] };
        return quotas.find((quota) => quota.metric === metric);
    };

    it("count resources and nodes by region", async () => {
        await start("");
        groups = [NODES];
        await api.call("POST", `${HOST}/regions/us-central1/addresses`, { name: "a" });
        await api.call("POST", `${HOST}/global/addresses`, { name: "b" });
        await api.call("POST", `${HOST}/global/addresses`, { name: "c" });
        const expected: readonly (readonly [path: string, metric: string, usage: number])[] = [
            ["/regions/us-central1", "STATIC_ADDRESSES", 1],
            ["/regions/us-east1", "STATIC_ADDRESSES", 0],
            ["", "STATIC_ADDRESSES", 2],
            ["/regions/us-central1", "NVIDIA_L4_GPUS", 4],
            ["/regions/us-central1", "PREEMPTIBLE_NVIDIA_L4_GPUS", 0],
            ["/regions/us-central1", "CPUS", 48],
            ["/regions/us-central1", "SSD_TOTAL_GB", 200],
            ["/regions/us-east4", "NVIDIA_L4_GPUS", 0],
            ["", "GPUS_ALL_REGIONS", 4],
        ];
        for (const [path, metric, usage] of expected) {
            expect(await quotaOf(path, metric), `${path} ${metric}`).to.deep.equal({ metric, limit: 1_000_000, usage });
        }
    });

    it("refuse resources beyond the limit", async () => {
        await start("STATIC_ADDRESSES=1");
        const reserve = (name: string) => api.call("POST", `${HOST}/regions/us-central1/addresses`, { name });
        expect((await reserve("a")).status).to.equal(200);
        expect((await reserve("b")).body.error).to.deep.include({
            code: 403,
            message: "Quota 'STATIC_ADDRESSES' exceeded.  Limit: 1.0 in region us-central1.",
        });
        await api.call("DELETE", `${HOST}/regions/us-central1/addresses/a`);
        expect((await reserve("b")).status).to.equal(200);
    });

    it("report which ones new nodes exceed: GPUs of the region, of the project or of spot nodes, vCPUs, disks", async () => {
        const quotas = await start("GPUS_ALL_REGIONS=4,PREEMPTIBLE_NVIDIA_L4_GPUS=0,CPUS=100,HDB_TOTAL_GB=10,DISKS_TOTAL_GB=400");
        const short = (nodes: Partial<InstanceGroup>, region?: string) =>
            quotas.short("p", region, needsOf({ ...NODES, ...nodes })).map(({ metric }) => metric);
        expect([short({}), short({}, "us-central1")]).to.deep.equal([[], []]);
        expect([short({ size: 3 }), short({ size: 5 }, "us-central1")]).to.deep.equal([["GPUS_ALL_REGIONS"], ["CPUS"]]);
        groups = [NODES];
        expect(short({ size: 1 })).to.deep.equal(["GPUS_ALL_REGIONS"]);
        expect(short({ spot: true, size: 1 }, "us-central1")).to.deep.equal(["PREEMPTIBLE_NVIDIA_L4_GPUS"]);
        expect(short({ disk: { type: "hyperdisk-balanced", sizeGb: 11 } }, "us-central1")).to.deep.equal(["HDB_TOTAL_GB"]);
        expect(short({ disk: { type: "pd-standard", sizeGb: 201 } }, "us-central1")).to.deep.equal(["DISKS_TOTAL_GB"]);
        expect(() => {
            quotas.check("p", undefined, { GPUS_ALL_REGIONS: 1 });
        })
            .to.throw(QuotaError, "Quota 'GPUS_ALL_REGIONS' exceeded.  Limit: 4.0 globally.")
            .with.deep.property("quota", { metric: "GPUS_ALL_REGIONS", limit: 4, usage: 4 });
    });

    it("are configured with SANDBOX_QUOTAS", async () => {
        await start("");
        expect(limitsOf("GPUS_ALL_REGIONS=0, NVIDIA_L4_GPUS=2")).to.deep.equal({ GPUS_ALL_REGIONS: 0, NVIDIA_L4_GPUS: 2 });
        expect(limitsOf("")).to.deep.equal({});
        for (const text of ["GPUS=1", "CPUS", "CPUS=-1", "CPUS=1;GPUS_ALL_REGIONS=0"]) {
            expect(() => limitsOf(text), text).to.throw(`SANDBOX_QUOTAS must be limits such as GPUS_ALL_REGIONS=0,CPUS=64, not "${text}"`);
        }
    });
});

import { expect } from "chai";
import { type InstanceGroup, limitsOf, QuotaError, Quotas } from "../../../../cloud/handlers/compute/quotas";
import { ApiUnderTest } from "../../test-api";

const HOST = "compute.googleapis.com/compute/v1/projects/p";
const NODES: InstanceGroup = {
    id: "projects/p/zones/us-central1-a/instanceGroupManagers/gke-c-l4-grp",
    ...{ size: 2, machineType: "g2-standard-24", accelerator: { type: "nvidia-l4", count: 2 }, spot: false },
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

    it("count resources and nodes, each in its region", async () => {
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
            ["/regions/us-east4", "NVIDIA_L4_GPUS", 0],
            ["", "GPUS_ALL_REGIONS", 4],
        ];
        for (const [path, metric, usage] of expected) {
            expect(await quotaOf(path, metric), `${path} ${metric}`).to.deep.equal({ metric, limit: 10_000, usage });
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

    it("name the quota that a node pool exceeds: of the region, of the project, or of spot GPUs", async () => {
        const quotas = await start("GPUS_ALL_REGIONS=4,PREEMPTIBLE_NVIDIA_L4_GPUS=0");
        const check = (nodes: Partial<InstanceGroup>) => () => {
            quotas.checkNodes({ ...NODES, ...nodes });
        };
        check({})();
        expect(check({ size: 3 })).to.throw("Quota 'GPUS_ALL_REGIONS' exceeded.  Limit: 4.0 globally.");
        groups = [NODES];
        expect(check({ size: 1 }))
            .to.throw(QuotaError)
            .with.deep.property("quota", { metric: "GPUS_ALL_REGIONS", limit: 4, usage: 4 });
        check({ size: 0 })();
        expect(check({ spot: true, size: 1 })).to.throw("Quota 'PREEMPTIBLE_NVIDIA_L4_GPUS' exceeded.  Limit: 0.0 in region us-central1.");
    });

    it("are set by SANDBOX_QUOTAS", async () => {
        await start("");
        expect(limitsOf("GPUS_ALL_REGIONS=0, NVIDIA_L4_GPUS=2")).to.deep.equal({ GPUS_ALL_REGIONS: 0, NVIDIA_L4_GPUS: 2 });
        expect(limitsOf("")).to.deep.equal({});
        for (const text of ["GPUS=1", "CPUS", "CPUS=-1", "CPUS=1;GPUS_ALL_REGIONS=0"]) {
            expect(() => limitsOf(text), text).to.throw(`SANDBOX_QUOTAS must be limits such as GPUS_ALL_REGIONS=0,CPUS=64, not "${text}"`);
        }
    });
});

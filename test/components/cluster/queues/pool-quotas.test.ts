import { expect } from "chai";
import { poolQuotas } from "../../../../components/cluster/queues/pool-quotas";
import { serviceWorkload } from "../../../../components/inference/service-workloads";
import { runWorkload } from "../../../../components/training/run-workload";
import { poolNodes } from "../../../../components/workloads/placement/pool-nodes";
import { parseCpu, parseMemory } from "../../../../gke/quantities";
import { cluster, gpuPool, service, training } from "../../settings";

const quotasOf = (...pools: Parameters<typeof gpuPool>[0][]) =>
    poolQuotas(cluster({ pools: pools.map(gpuPool) }), [], (pool) => `flavor-${pool}`);

describe("quotas of pools", () => {
    it("are the capacity for pods of all nodes of a pool at its largest", () => {
        const [one] = quotasOf({ maxNodes: 1 });
        const [four] = quotasOf({ maxNodes: 4 });
        expect(one).to.deep.equal({
            flavor: "flavor-l4",
            queued: false,
            gpus: 1,
            cpu: "3170m",
            memory: "12261Mi",
            ephemeralStorage: "44822Mi",
        });
        expect(four).to.include({ gpus: 4, cpu: "12680m" });
    });

    it("are never more than the nodes have, and hold every pod that a preview accepts", () => {
        const pools = cluster({ pools: [gpuPool({ maxNodes: 3 })] });
        const [node] = poolNodes(pools).values();
        const [quota] = poolQuotas(pools, [], (pool) => pool);
        const mebibyte = 2 ** 20;
        expect(parseCpu(quota?.cpu ?? "")).to.equal(3 * (node?.cpuMillis ?? 0));
        expect(parseMemory(quota?.memory ?? "")).to.equal(3 * Math.floor((node?.memoryBytes ?? 0) / mebibyte) * mebibyte);
        expect(parseMemory(quota?.ephemeralStorage ?? "")).to.equal(3 * Math.floor((node?.ephemeralBytes ?? 0) / mebibyte) * mebibyte);
    });

    it("count shares and partitions of a GPU as GKE does", () => {
        const [shared, cut] = quotasOf(
            { name: "shared", maxNodes: 2, sharing: { strategy: "time-sharing", clients: 4 } },
            {
                name: "cut",
                accelerator: "nvidia-h100-80gb",
                acceleratorCount: 8,
                machineType: "a3-highgpu-8g",
                mig: "1g.10gb",
                maxNodes: 2,
            },
        );
        expect(shared).to.include({ flavor: "flavor-shared", gpus: 8 });
        expect(cut).to.include({ flavor: "flavor-cut", gpus: 2 * 8 * 7 });
    });

    it("subtract the largest total that services request, with all pods and their sidecars", () => {
        const services = [service({ pool: "l4", replicas: 2, cpu: "1", memory: "2Gi" }), service({ pool: "other" })];
        const workloads = services.map(serviceWorkload);
        const [all] = poolQuotas(cluster({ pools: [gpuPool({ maxNodes: 4 })] }), [], (pool) => pool);
        const [left] = poolQuotas(cluster({ pools: [gpuPool({ maxNodes: 4 })] }), workloads, (pool) => pool);
        expect(left?.gpus).to.equal(2);
        expect(parseCpu(all?.cpu ?? "") - parseCpu(left?.cpu ?? "")).to.equal(2000);
        expect(parseMemory(all?.memory ?? "") - parseMemory(left?.memory ?? "")).to.equal(2 * parseMemory("2Gi"));
    });

    it("are not negative if services fill the whole pool, and do not subtract runs of the queue", () => {
        const pools = cluster({ pools: [gpuPool({ maxNodes: 1 })] });
        const run = runWorkload(training({ pool: "l4", queue: "runs" }));
        const of = (...workloads: Parameters<typeof poolQuotas>[1]) => poolQuotas(pools, workloads, (pool) => pool)[0]?.gpus;
        expect(of(run)).to.equal(1);
        expect(of(...[1, 2].map((index) => serviceWorkload(service({ pool: "l4" }), index)))).to.equal(0);
    });

    it("keep the order of the pools, and mark those with queued provisioning", () => {
        const quotas = quotasOf({ name: "b" }, { name: "a", capacity: ["flex-start"], queuedProvisioning: true });
        expect(quotas.map(({ flavor, queued }) => [flavor, queued])).to.deep.equal([
            ["flavor-b", false],
            ["flavor-a", true],
        ]);
    });
});

import { expect } from "chai";
import { placementsOf } from "../../../../components/workloads/placement/placement";
import { serviceWorkload } from "../../../../components/inference/service-workloads";
import { runWorkload } from "../../../../components/training/run-workload";
import type { PoolConfig } from "../../../../components/cluster/pools/config";
import type { ServiceConfig } from "../../../../components/inference/config";
import { cluster, gpuPool, service, training } from "../../settings";

/** A service as a workload, the first in its list. */
const workload = (edits: Partial<ServiceConfig> = {}) => serviceWorkload(service(edits), 0);

/** A stack with a run and a service on one pool. */
const stack = { stack: "test", cluster: cluster(), workloads: [workload(), runWorkload(training())] };

describe("placementsOf", () => {
    it("distinguishes pools and sizes of pods", () => {
        const sharing = { strategy: "time-sharing", clients: 8 } as const;
        const pools = [gpuPool({ maxNodes: 1, sharing }), gpuPool({ name: "other", maxNodes: 1 })];
        const workloads = [workload({ replicas: 1 }), workload({ name: "more", pool: "other", replicas: 1 })];
        const placementOf = placementsOf({ ...stack, cluster: cluster({ pools }), workloads });
        expect(workloads.map((own) => placementOf(own).fitsOneMore)).to.deep.equal([true, false]);
        expect(placementOf(workload({ cpu: "3" })).fitsOneMore).to.equal(false);
        expect(workloads.map((own) => placementOf(own).nodes.pool)).to.deep.equal(["l4", "other"]);
    });

    it("finds the pool", () => {
        expect(placementsOf(stack)(workload())).to.deep.equal({
            nodes: { pool: "l4", accelerator: "nvidia-l4", gpus: 1, computeClass: undefined, stack: "test" },
            fitsOneMore: true,
        });
    });

    // A node is a g2-standard-4: 1 GPU, and 3.1 CPU and 11 GiB for pods. The run uses 1 GPU, 1 CPU and 9 GiB of one.
    const fits = (edits: Partial<ServiceConfig>, pool: Partial<PoolConfig> = {}) => {
        const own = workload(edits);
        const workloads = [own, runWorkload(training())];
        return placementsOf({ ...stack, cluster: cluster({ pools: [gpuPool(pool)] }), workloads })(own).fitsOneMore;
    };

    it("fits one more if the workloads of the pool leave a GPU", () => {
        expect(fits({ replicas: 2 })).to.equal(true);
        expect(fits({ replicas: 3 })).to.equal(false);
        expect(fits({ replicas: undefined, autoscaling: { min: 1, max: 3, metric: "requests-in-flight", target: 8 } })).to.equal(false);
    });

    it("fits shares of a GPU while CPU and memory last", () => {
        const shared = { maxNodes: 1, sharing: { strategy: "time-sharing", clients: 8 } } as const;
        expect(fits({ replicas: 1 }, shared)).to.equal(true);
        expect(fits({ replicas: 1, cpu: "1100m" }, shared)).to.equal(false);
        expect(fits({ replicas: 1, memory: "2Gi" }, shared)).to.equal(false);
    });

    it("does not count GPUs that are left over on each node", () => {
        // In addition to the run, two nodes of 8 hold three replicas of 3, although 15 GPUs are five times 3.
        const large = { acceleratorCount: 8, machineType: "g2-standard-96", maxNodes: 2 };
        expect(fits({ gpus: 3, replicas: 3 }, large)).to.equal(true);
        expect(fits({ gpus: 3, replicas: 4 }, large)).to.equal(false);
    });

    it("has the compute class if the pool has several sources of capacity", () => {
        const falling = { ...stack, cluster: cluster({ pools: [gpuPool({ capacity: ["on-demand", "spot"] })] }) };
        expect(placementsOf(falling)(workload()).nodes.computeClass).to.equal("l4");
    });

    it("throws for an unknown pool", () => {
        expect(() => placementsOf(stack)(workload({ pool: "a100" }))).to.throw("no pool a100 in the cluster");
    });
});

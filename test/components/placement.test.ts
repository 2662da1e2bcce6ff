import { expect } from "chai";
import { mostReplicas, placementOf } from "../../components/placement";
import { cluster, gpuPool, service, stack, training } from "./settings";

const run = stack.training ?? training();

describe("placementOf", () => {
    it("finds the pool, and counts what others take of it", () => {
        expect(placementOf(stack, service())).to.deep.equal({
            placement: { pool: "l4", accelerator: "nvidia-l4", gpus: 1, computeClass: false },
            capacity: { gpusPerNode: 1, maxNodes: 4, gpusTaken: 1 },
        });
        expect(placementOf(stack, run).capacity.gpusTaken).to.equal(1);
    });

    it("counts shares as GPUs", () => {
        const shared = { ...stack, cluster: cluster({ pools: [gpuPool({ sharing: { strategy: "time-sharing", clients: 4 } })] }) };
        expect(placementOf(shared, service()).capacity.gpusPerNode).to.equal(4);
    });

    it("asks for the compute class where the pool falls back", () => {
        const falling = { ...stack, cluster: cluster({ pools: [gpuPool({ capacity: ["on-demand", "spot"] })] }) };
        expect(placementOf(falling, service()).placement.computeClass).to.equal(true);
    });

    it("refuses a pool that is not there", () => {
        expect(() => placementOf(stack, service({ pool: "a100" }))).to.throw("no pool a100 in the cluster");
    });

    it("counts the most pods that an autoscaler makes", () => {
        expect(mostReplicas(service())).to.equal(1);
        expect(mostReplicas(service({ replicas: undefined, autoscaling: { min: 1, max: 5, metric: "requests-in-flight", target: 8 } }))).to.equal(
            5,
        );
    });
});

import { expect } from "chai";
import { gpuUnits, shapeOf } from "../../../../sandbox/cluster/node-shape";
import { cpuPool, gpuPool } from "./pools";

describe("the shape of nodes", () => {
    it("shows what the machine type has, and of it what GKE leaves to pods", () => {
        // 4 cores: 60 + 10 + 2 × 5 m are reserved; 16 GiB: 1 + 0.8 + 0.8 GiB and 100 MiB; 100 GiB disk: 10 + 41 GiB.
        expect(shapeOf(cpuPool())).to.deep.equal({
            capacity: { cpu: "4", memory: "16384Mi", "ephemeral-storage": "100Gi", pods: "110" },
            allocatable: { cpu: "3920m", memory: "13621Mi", "ephemeral-storage": "49Gi", pods: "110" },
        });
    });

    it("reserves in every step of the formula", () => {
        // 1 + 0.8 + 0.8 + 6.72 + 0.02 × 212 GiB of 340; 60 + 10 + 10 + 44 × 2.5 m of 48 cores.
        const { allocatable } = shapeOf(gpuPool({ machineType: "a2-highgpu-4g", accelerator: { type: "nvidia-tesla-a100", count: 4 } }));
        expect(allocatable).to.include({
            cpu: "47810m",
            memory: `${String(340 * 1024 - Math.ceil(13.56 * 1024) - 100)}Mi`,
            "nvidia.com/gpu": "4",
        });
    });

    it("reserves more on machines with shared cores", () => {
        expect(shapeOf(cpuPool({ machineType: "e2-medium" })).allocatable.cpu).to.equal("940m");
    });

    it("multiplies GPUs that are shared", () => {
        expect(
            gpuUnits(gpuPool({ accelerator: { type: "nvidia-l4", count: 2, sharing: { strategy: "TIME_SHARING", maxSharedClients: 4 } } })),
        ).to.equal(8);
        expect(gpuUnits(gpuPool())).to.equal(1);
        expect(shapeOf(cpuPool()).capacity).not.to.have.property("nvidia.com/gpu");
    });
});

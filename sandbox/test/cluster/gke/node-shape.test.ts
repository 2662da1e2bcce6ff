import { expect } from "chai";
import { gpuUnits, shapeOf } from "../../../cluster/gke/node-shape";
import { cpuPool, gpuPool } from "../pools";

describe("the shape of nodes", () => {
    it("has the capacity of the machine type, and what GKE leaves to pods as allocatable", () => {
        // 4 cores: 60 + 10 + 2 × 5 m are reserved; 16 GiB: 256 + 16 + 64 MiB are the kernel's, 1 + 0.8 + 0.8 GiB and 100 MiB reserved; of the 94.19 GiB that a disk of 100 has for containers, 9.42 + 41 GiB.
        expect(shapeOf(cpuPool())).to.deep.equal({
            capacity: { cpu: "4", memory: `${16048 * 1024}Ki`, "ephemeral-storage": "98766258Ki", pods: "110" },
            allocatable: {
                cpu: "3920m",
                memory: `${Math.round((15.671875 - 2.6) * 2 ** 20) - 100 * 1024}Ki`,
                "ephemeral-storage": "45898016Ki",
                pods: "110",
            },
        });
    });

    it("applies every bracket of the formula", () => {
        // A 64th, 16 and 64 MiB of 340 GiB are the kernel's; 1 + 0.8 + 0.8 + 6.72 + 0.02 × 212 GiB of 340; 60 + 10 + 10 + 44 × 2.5 m of 48 cores.
        const { allocatable } = shapeOf(gpuPool({ machineType: "a2-highgpu-4g", accelerator: { type: "nvidia-tesla-a100", count: 4 } }));
        expect(allocatable).to.include({
            cpu: "47810m",
            memory: `${340 * 2 ** 20 - 340 * 2 ** 14 - 80 * 1024 - Math.round(13.56 * 2 ** 20) - 100 * 1024}Ki`,
            "nvidia.com/gpu": "4",
        });
    });

    it("reserves more on machines with shared cores", () => {
        expect(shapeOf(cpuPool({ machineType: "e2-medium" })).allocatable.cpu).to.equal("940m");
    });

    it("has the disk of the pool: its boot disk, or its local SSDs", () => {
        const disk = (change: Parameters<typeof gpuPool>[0]) => {
            const { capacity, allocatable } = shapeOf(gpuPool(change));
            return [capacity["ephemeral-storage"], allocatable["ephemeral-storage"]];
        };
        expect(disk({ diskSizeGb: 1000 })).to.deep.equal(["1027729620Ki", "820099058Ki"]);
        expect(disk({ localSsds: 1 })).to.deep.equal(["385351680Ki", "294387712Ki"]);
        const a4x = { machineType: "a4x-highgpu-4g", accelerator: { type: "nvidia-gb200", count: 4 }, localSsds: 4 };
        expect(disk(a4x)).to.deep.equal(["12331253760Ki", "10993270784Ki"]);
    });

    it("knows every machine type that the stack accepts, and no other", () => {
        expect(shapeOf(cpuPool({ machineType: "n4-highmem-4" })).capacity).to.include({ cpu: "4" });
        expect(() => shapeOf(cpuPool({ machineType: "g9-standard-8" }))).to.throw(
            "The sandbox does not support the machine type g9-standard-8",
        );
    });

    it("refuses partitions that the accelerator does not have", () => {
        expect(() => gpuUnits({ accelerator: { type: "nvidia-l4", count: 1, partition: "1g.5gb" } })).to.throw(
            "The accelerator nvidia-l4 does not support MIG partitions of 1g.5gb",
        );
    });

    it("multiplies GPUs by their partitions, and by their shares", () => {
        const cut = { type: "nvidia-h100-80gb", count: 8, partition: "3g.40gb" };
        expect(gpuUnits({ accelerator: cut })).to.equal(16);
        expect(gpuUnits({ accelerator: { ...cut, partition: "7g.80gb" } })).to.equal(8);
        expect(gpuUnits({ accelerator: { ...cut, sharing: { strategy: "TIME_SHARING", maxSharedClients: 2 } } })).to.equal(32);
    });

    it("multiplies GPUs that are shared", () => {
        expect(
            gpuUnits(gpuPool({ accelerator: { type: "nvidia-l4", count: 2, sharing: { strategy: "TIME_SHARING", maxSharedClients: 4 } } })),
        ).to.equal(8);
        expect(gpuUnits(gpuPool())).to.equal(1);
        expect(shapeOf(cpuPool()).capacity).not.to.have.property("nvidia.com/gpu");
    });
});

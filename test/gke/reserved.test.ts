import { expect } from "chai";
import {
    allocatableEphemeralBytes,
    ephemeralBytes,
    EVICTION_BYTES,
    kernelBytes,
    reservedCpuMillis,
    reservedMemoryBytes,
} from "../../gke/reserved";

const MEBIBYTE = 2 ** 20;
const GIBIBYTE = 2 ** 30;

describe("what GKE reserves of a node", () => {
    it("is a fixed amount of CPU on machines with shared cores", () => {
        expect([reservedCpuMillis(2, true), reservedCpuMillis(2, false)]).to.deep.equal([1060, 70]);
    });

    it("is 255 MiB of memory below a gibibyte, and a quarter of the first four above", () => {
        expect([reservedMemoryBytes(0.5), reservedMemoryBytes(1), reservedMemoryBytes(4)]).to.deep.equal([
            255 * MEBIBYTE,
            256 * MEBIBYTE,
            1024 * MEBIBYTE,
        ]);
    });

    it("is 6 % of the first core, 1 % of the second, 0.5 % of two more and 0.25 % of the rest", () => {
        expect([1, 2, 3, 4, 8, 96].map((vcpus) => reservedCpuMillis(vcpus, false))).to.deep.equal([60, 70, 75, 80, 90, 310]);
    });

    it("is a quarter of the first 4 GiB, 20 % of the next 4, 10 % of the next 8, 6 % of the next 112 and 2 % of the rest", () => {
        const gibibytes = (memory: number) => Number((reservedMemoryBytes(memory) / GIBIBYTE).toFixed(6));
        expect([5, 8, 12, 16, 64, 128, 256].map(gibibytes)).to.deep.equal([1.2, 1.8, 2.2, 2.6, 5.48, 9.32, 11.88]);
    });

    it("comes after what the kernel keeps: a 64th, 16 MiB, and 64 MiB above 3 GiB", () => {
        expect([1, 2, 3].map((memory) => kernelBytes(memory * GIBIBYTE) / MEBIBYTE)).to.deep.equal([32, 48, 64]);
        expect(kernelBytes(3 * GIBIBYTE + 64) / MEBIBYTE).to.be.closeTo(128, 0.001);
        expect(kernelBytes(4 * GIBIBYTE) / MEBIBYTE).to.equal(144);
        expect(kernelBytes(100)).to.equal(1 + 16 * MEBIBYTE);
        expect(EVICTION_BYTES).to.equal(100 * MEBIBYTE);
    });

    it("is exact for a boot disk, of which the operating system keeps a part first", () => {
        expect([10, 100, 1000].map((bootGb) => ephemeralBytes({ bootGb, localSsds: 0, ssdGib: 375 }))).to.deep.equal([
            6_104_920_201, 101_136_648_372, 1_052_395_131_895,
        ]);
    });

    it("leaves of a boot disk of 100 GB what nodes show on GKE, to a tenth of a gibibyte", () => {
        const disk = { bootGb: 100, localSsds: 0, ssdGib: 375 };
        // `kubectl describe node` on GKE 1.24 to 1.33, the same on any machine type: capacity 98831908Ki, allocatable 47060071478.
        expect(Math.abs(ephemeralBytes(disk) - 98_831_908 * 1024)).to.be.below(GIBIBYTE / 10);
        expect(Math.abs(allocatableEphemeralBytes(disk) - 47_060_071_478)).to.be.below(GIBIBYTE / 10);
    });

    it("is a part of the boot disk, at most half of it and 100 GiB", () => {
        const left = (bootGb: number) => Math.round(allocatableEphemeralBytes({ bootGb, localSsds: 0, ssdGib: 375 }) / GIBIBYTE);
        expect([20, 40, 100, 1000].map(left)).to.deep.equal([4, 12, 44, 782]);
    });

    it("is a fixed part of local SSDs, by their number", () => {
        const left = (localSsds: number) => Math.round(allocatableEphemeralBytes({ bootGb: 100, localSsds, ssdGib: 375 }) / GIBIBYTE);
        expect([1, 2, 3, 16].map(left)).to.deep.equal([281, 587, 892, 5192]);
        expect(ephemeralBytes({ bootGb: 100, localSsds: 4, ssdGib: 3000 })).to.equal(Math.floor(0.98 * 12_000 * GIBIBYTE));
    });
});

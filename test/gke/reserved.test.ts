import { expect } from "chai";
import { allocatableEphemeralGib, ephemeralGib, reservedCpuMillis, reservedMemoryBytes } from "../../gke/reserved";

const MEBIBYTE = 2 ** 20;

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

    it("is a part of the boot disk, at most half of it and 100 GiB", () => {
        const left = (bootGb: number) => allocatableEphemeralGib({ bootGb, localSsds: 0, ssdGib: 375 });
        // 20: 2 + 10; 100: 10 + 41; 1000: 100 + 100.
        expect([20, 100, 1000].map(left)).to.deep.equal([8, 49, 800]);
    });

    it("is a fixed part of local SSDs, by their number", () => {
        const left = (localSsds: number) => allocatableEphemeralGib({ bootGb: 100, localSsds, ssdGib: 375 });
        expect([1, 2, 3, 16].map(left)).to.deep.equal([287, 600, 912, 5300]);
        expect(ephemeralGib({ bootGb: 100, localSsds: 4, ssdGib: 3000 })).to.equal(12_000);
    });
});

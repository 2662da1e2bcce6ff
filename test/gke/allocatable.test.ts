import { expect } from "chai";

import { allocatable, leftToPods } from "../../gke/allocatable";
import { machineOf } from "../../gke/machine-types";

const MEBIBYTE = 2 ** 20;
const GIBIBYTE = 2 ** 30;

describe("allocatable", () => {
    const of = (name: string) => {
        const machine = machineOf(name);
        return machine && allocatable(machine);
    };

    it("leaves 3920m of four vCPUs, as Google's example shows", () => {
        expect(of("e2-standard-4")?.cpuMillis).to.equal(3920);
    });

    it("takes kernel, reservation and eviction threshold from 16 GiB", () => {
        const kernel = 256 + 16 + 64;
        const reservation = 1024 * (0.25 * 4 + 0.2 * 4 + 0.1 * 8);
        expect(of("g2-standard-4")?.memoryBytes).to.equal(Math.floor((16 * 1024 - kernel - reservation - 100) * MEBIBYTE));
    });

    it("takes every bracket from a large machine", () => {
        const kernel = 1360 * 16 + 16 + 64;
        const reservation = 1024 * (1 + 0.8 + 0.8 + 0.06 * 112 + 0.02 * (1360 - 128));
        expect(of("a2-ultragpu-8g")?.memoryBytes).to.equal(Math.floor((1360 * 1024 - kernel - reservation - 100) * MEBIBYTE));
        expect(of("a2-ultragpu-8g")?.cpuMillis).to.equal(96_000 - (60 + 10 + 10 + 2.5 * 92));
    });
});

describe("leftToPods", () => {
    it("is what GKE's own pods leave: 750m of CPU and a gibibyte less", () => {
        const machine = { name: "e2-standard-4", vcpus: 4, memoryGib: 16 };
        const { cpuMillis, memoryBytes } = allocatable(machine);
        expect(leftToPods(machine)).to.deep.equal({ cpuMillis: cpuMillis - 750, memoryBytes: memoryBytes - GIBIBYTE });
    });

    it("is never less than nothing", () => {
        expect(leftToPods({ name: "tiny", vcpus: 0.5, memoryGib: 1 })).to.deep.equal({ cpuMillis: 0, memoryBytes: 0 });
    });
});

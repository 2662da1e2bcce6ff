import { expect } from "chai";
import { machineOf } from "../../../../sandbox/cluster/machine-types";

describe("machine types", () => {
    for (const [machineType, vcpus, memoryGib] of [
        ["e2-standard-4", 4, 16],
        ["e2-medium", 2, 4],
        ["n1-standard-8", 8, 30],
        ["n1-highmem-8", 8, 52],
        ["n2-standard-16", 16, 64],
        ["g2-standard-8", 8, 32],
        ["g2-standard-96", 96, 384],
        ["a2-highgpu-1g", 12, 85],
        ["a2-ultragpu-8g", 96, 1360],
        ["a3-highgpu-8g", 208, 1872],
        ["n1-custom-6-20480", 6, 20],
        ["custom-2-4096", 2, 4],
    ] as const) {
        it(`knows ${machineType}`, () => {
            expect(machineOf(machineType)).to.deep.equal({ vcpus, memoryGib });
        });
    }

    for (const machineType of ["g9-standard-8", "g2-standard", "a3-highgpu-3g", ""]) {
        it(`refuses "${machineType}"`, () => {
            expect(() => machineOf(machineType)).to.throw(`does not know the machine type ${machineType}`);
        });
    }
});

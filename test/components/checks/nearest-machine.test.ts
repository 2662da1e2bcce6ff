import { expect } from "chai";
import { nearestCount, nearestMachineType } from "../../../components/checks/nearest-machine";

describe("the nearest machine", () => {
    it("has the nearest count", () => {
        expect([nearestCount("nvidia-l4", 16), nearestCount("nvidia-l4", 3), nearestCount("nvidia-gb200", 1)]).to.deep.equal([8, 2, 4]);
    });

    it("is nearest by size, or by name when the given one is not known", () => {
        expect(nearestMachineType("nvidia-l4", 1, "n1-standard-16")).to.equal("g2-standard-16");
        expect(nearestMachineType("nvidia-l4", 1, "g2-standart-8")).to.equal("g2-standard-8");
        expect(nearestMachineType("nvidia-l4", 1, "g2-standard-8")).to.equal("g2-standard-8");
        expect(nearestMachineType("nvidia-l4", 3, "g2-standard-8")).to.equal(undefined);
    });
});
